/**
 * The definition of a metric. It is computed by the function of its name in the `X.run.ts` next to it, which `train` calls
 * through `src/runtime/training/metrics.ts`.
 */
import type { TObject } from 'typebox'
import { callsTo } from './calls.ts'
import type { Call } from './expression.ts'
import type { Fit, LabelKind } from './fit.ts'
import type { LossDef } from './lossDef.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'
import type { ScriptMetric } from './scriptForms.ts'

/** Builds calls of the metrics of the runtime. */
export const metricCall = callsTo<typeof import('../runtime/training/metrics.ts')>()

export interface MetricDef<S extends TObject = TObject> extends PartDef<S>, Fit<Resolved<S>>, ScriptMetric<Given<S>> {
  /** The kind of labels for which it is the usual metric, and what it reports, as worded in a message. */
  readonly usualFor?: { readonly labels: LabelKind; readonly reports: string }
  lower(options: Given<S>): Call
}

export function defineMetric<const S extends TObject>(definition: MetricDef<S>): MetricDef {
  return eraseGiven(definition)
}

/** The metric that reports a loss other than the training loss. */
export function metricOfLoss(loss: LossDef): MetricDef {
  const { script, ofLogits: _, ...fit } = loss
  return {
    ...fit,
    lower: (options) => metricCall('lossMetric', loss.lower(options)),
    ...(script && { script: (options, output) => script(options, output, false) }),
  }
}
