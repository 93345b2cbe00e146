/** What a metric answers for. What it computes is the function of its name in `X.run.ts` beside it; `train` takes it from `src/runtime/training/metrics.ts`. */
import type { TObject } from 'typebox'
import { callsTo } from './calls.ts'
import type { Call } from './expression.ts'
import type { Fit, LabelKind } from './fit.ts'
import type { LossDef } from './lossDef.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'
import type { ScriptMetric } from './scriptForms.ts'

/** The calls of metrics as training takes them. */
export const metricCall = callsTo<typeof import('../runtime/training/metrics.ts')>()

export interface MetricDef<S extends TObject = TObject> extends PartDef<S>, Fit<Resolved<S>>, ScriptMetric<Given<S>> {
  /** Of labels of this kind it says most: what it says, as a message has it. */
  readonly usualFor?: { readonly labels: LabelKind; readonly says: string }
  lower(options: Given<S>): Call
}

export function defineMetric<const S extends TObject>(definition: MetricDef<S>): MetricDef {
  return eraseGiven(definition)
}

/** A loss that is reported beside the one that is trained. */
export function metricOfLoss(loss: LossDef): MetricDef {
  const { script, ofLogits: _, ...fit } = loss
  return {
    ...fit,
    lower: (options) => metricCall('lossMetric', loss.lower(options)),
    ...(script && { script: (options, output) => script(options, output, false) }),
  }
}
