/** Every metric of the language. What it computes is `src/runtime/metrics.ts`. */
import { fieldsOf, type PartDef } from '../layers/schema.ts'

export type MetricDef = PartDef

const metric = (description: string): MetricDef => ({ schema: fieldsOf({}, description) })

export const metricTable: Readonly<Record<string, MetricDef>> = {
  accuracy: metric('The part of the samples whose class is predicted right.'),
  precision: metric('Of the positives predicted (above 0.5), the part that is right.'),
  recall: metric('Of the true positives, the part that is predicted (above 0.5).'),
}
