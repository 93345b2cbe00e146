/** Fields that several metrics share. */
import * as Type from 'typebox'
import { callsTo, functionsOf } from '../../language/calls.ts'
import { tfCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { answerProbabilities, probabilities, type PredictionRange } from '../../language/fit.ts'
import { eachOf, type ScriptOutput, type ScriptValue } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./topKCategoricalAccuracy.run.ts')>()

/** A reference to the function that divides two counts, a part and its whole. */
export const ratio = functionsOf<typeof import('./counts.run.ts')>()('ratio')

const usualThreshold = 0.5

export function thresholdFields(description: string) {
  const threshold = withDefault(
    Type.Number({
      description: 'The threshold above which a prediction counts as yes: 0.5 for probabilities, 0 for logits.',
      examples: [0.8],
    }),
    usualThreshold,
  )
  return fieldsOf({ threshold }, description)
}

/** The predictions for a metric with a threshold: probabilities for the default; any predictions for another threshold. */
export function predictionsAt(threshold: number, mayBeClasses: boolean): PredictionRange | undefined {
  if (threshold !== usualThreshold) return undefined
  return mayBeClasses ? probabilities : answerProbabilities
}

export function topFields(description: string) {
  const k = withDefault(
    Type.Integer({
      description: 'The number of largest predictions that may contain the true class.',
      minimum: 1,
      examples: [3],
    }),
    5,
  )
  return fieldsOf({ k }, description)
}

/** In scripts, whether the largest prediction is the true class, per sample. */
export function scriptOfClasses(_options: unknown, { labels, predictions, hasRows }: ScriptOutput): ScriptValue {
  return eachOf(tfCall('equal', tfCall('argMax', predictions, -1), hasRows ? tfCall('argMax', labels, -1) : labels))
}

/** In scripts, whether the true class is among the k largest predictions, per sample. */
export function scriptOfLargest(options: { readonly k?: number | undefined }, output: ScriptOutput): ScriptValue {
  const { labels, targets, predictions, hasRows, units } = output
  const rows = hasRows ? tfCall('oneHot', tfCall('argMax', labels, -1), units) : targets
  return eachOf(run('topKCategoricalAccuracy', rows, predictions, options))
}
