/** Fields that several losses share. */
import { flag } from '../layers/fields.ts'
import { fieldsOf } from '../layers/schema.ts'

/** @param activation What makes probabilities of logits. */
export function crossentropyFields(activation: string, description: string) {
  const fromLogits = flag(
    `Whether predictions are logits, of which the loss itself makes probabilities by ${activation}: the last layer has no activation then.`,
    false,
  )
  return fieldsOf({ fromLogits }, description)
}
