/** Fields that several metrics share. */
import { Type } from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { answerProbabilities, probabilities, type PredictionRange } from '../../language/fit.ts'

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
