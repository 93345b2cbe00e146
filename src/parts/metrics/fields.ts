/** Fields that several metrics share. */
import * as Type from 'typebox'
import { call } from '../../language/expression.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { answerProbabilities, probabilities, type PredictionRange } from '../../language/fit.ts'
import { eachOf, type ScriptOutput, type ScriptValue } from '../../language/scriptForms.ts'

const usualThreshold = 0.5

export function thresholdFields(description: string) {
  const threshold = withDefault(
    Type.Number({
      description: 'What a prediction must be above to count as yes: 0.5 for probabilities, 0 for logits.',
      examples: [0.8],
    }),
    usualThreshold,
  )
  return fieldsOf({ threshold }, description)
}

/** What a threshold parts: with one of its own, a metric takes what its author has in mind. */
export function partedBy(threshold: number, mayBeClasses: boolean): PredictionRange | undefined {
  if (threshold !== usualThreshold) return undefined
  return mayBeClasses ? probabilities : answerProbabilities
}

export function topFields(description: string) {
  const k = withDefault(
    Type.Integer({ description: 'How many of the largest predictions may hold the class.', minimum: 1, examples: [3] }),
    5,
  )
  return fieldsOf({ k }, description)
}

/** The option as a call takes it; nothing where it is the default. */
export function thresholdOf(threshold: number): { readonly threshold: number }[] {
  return threshold === usualThreshold ? [] : [{ threshold }]
}

/** Whether the class of the largest prediction is right, in a script. */
export function scriptOfClasses(_options: unknown, { labels, predictions, hasRows }: ScriptOutput): ScriptValue {
  return eachOf('tf.equal', call('tf.argMax', predictions, -1), hasRows ? call('tf.argMax', labels, -1) : labels)
}

/** Whether the class is among the largest predictions, in a script. */
export function scriptOfLargest({ k }: { readonly k: number }, output: ScriptOutput): ScriptValue {
  const { labels, targets, predictions, hasRows, units } = output
  const rows = hasRows ? call('tf.oneHot', call('tf.argMax', labels, -1), units) : targets
  return eachOf('topKCategoricalAccuracy', rows, predictions, ...(k === 5 ? [] : [{ k }]))
}
