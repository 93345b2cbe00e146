/** Every metric of the language, which includes every loss. */
import { lossTable } from '../losses/table.ts'
import { accuracy } from './accuracy.ts'
import { binaryAccuracy } from './binaryAccuracy.ts'
import { categoricalAccuracy } from './categoricalAccuracy.ts'
import { metricOfLoss, type MetricDef } from '../../language/metricDef.ts'
import { precision } from './precision.ts'
import { r2Score } from './r2Score.ts'
import { recall } from './recall.ts'
import { sparseCategoricalAccuracy } from './sparseCategoricalAccuracy.ts'
import { sparseTopKCategoricalAccuracy } from './sparseTopKCategoricalAccuracy.ts'
import { topKCategoricalAccuracy } from './topKCategoricalAccuracy.ts'

export const metricTable: Readonly<Record<string, MetricDef>> = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  precision,
  recall,
  r2Score,
  ...Object.fromEntries(Object.entries(lossTable).map(([name, loss]) => [name, metricOfLoss(loss)])),
}
