/** What a metric answers for. What it computes is the function of its name in `X.run.ts` beside it; `train` takes it from `src/runtime/training/metrics.ts`. */
import type { TObject } from 'typebox'
import { callsTo } from './calls.ts'
import type { Call } from './expression.ts'
import { erase, type PartDef, type Resolved } from './schema.ts'
import type { Fit, LabelKind } from './fit.ts'
import type { ScriptMetric } from './scriptForms.ts'
import { lowerFunction } from './lowerOptions.ts'
import type { LossDef } from './lossDef.ts'

const run = callsTo<typeof import('../runtime/training/metrics.ts')>()

interface MetricFacts {
  /** Of labels of this kind it says most: what it says, as a message has it. */
  readonly usualFor?: { readonly labels: LabelKind; readonly says: string }
}

type Stated<S extends TObject> = PartDef<S> & Fit<Resolved<S>> & MetricFacts & ScriptMetric<Resolved<S>>

export interface MetricDef<S extends TObject = TObject>
  extends PartDef<S>, Fit<Resolved<S>>, MetricFacts, ScriptMetric<Resolved<S>> {
  /** The call of its function of the runtime, with the options that are not the default. */
  lower(options: Resolved<S>): Call
}

export function defineMetric<const S extends TObject>(name: string, stated: Stated<S>): MetricDef {
  return erase({
    ...stated,
    lower: (options: Resolved<S>) => lowerFunction(name, stated.schema, options),
  })
}

/** A loss that is reported beside the one that is trained. */
export function metricOfLoss(loss: LossDef): MetricDef {
  const { script, ofLogits: _, ...fit } = loss
  return {
    ...fit,
    lower: (options) => run('lossMetric', loss.lower(options)),
    ...(script && { script: (options, output) => script(options, output, false) }),
  }
}
