/** Fields that several losses share. */
import { Type } from 'typebox'
import { flag } from '../../language/fields.ts'
import { withDefault } from '../../language/schema.ts'

/** @param activation What makes probabilities of logits. */
export function fromLogitsField(activation: string) {
  return flag(
    `Whether predictions are logits, of which the loss itself makes probabilities by ${activation}: the last layer has no activation then.`,
    false,
  )
}

/** @param towards What targets are drawn towards. */
export function labelSmoothingField(towards: string) {
  return withDefault(
    Type.Number({
      description: `How far targets of 0 and 1 are drawn towards ${towards}, so that the network need not be certain.`,
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.1],
    }),
    0,
  )
}
