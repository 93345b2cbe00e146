/** Fields that several losses share. */
import * as Type from 'typebox'
import { reference, type Expression } from '../../language/expression.ts'
import { flag } from '../../language/fields.ts'
import { withDefault } from '../../language/schema.ts'
import { eachOf, meanOf, type ScriptLoss, type ScriptValue } from '../../language/scriptForms.ts'

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

/** The crossentropy of classes in a script: from logits, that of TensorFlow.js. */
export const scriptOfCategories: ScriptLoss<{ readonly fromLogits: boolean; readonly labelSmoothing?: number }> = {
  ofLogits: ({ fromLogits }) => (fromLogits ? [] : ['softmax']),
  script({ fromLogits, labelSmoothing = 0 }, { targets, predictions, logits }, isWeighted) {
    if (logits || fromLogits)
      return ofTensorFlow('tf.losses.softmaxCrossEntropy', targets, predictions, labelSmoothing, isWeighted)
    return eachOf(
      'categoricalCrossentropy',
      targets,
      predictions,
      ...(labelSmoothing === 0 ? [] : [{ labelSmoothing }]),
    )
  },
}

/** A loss of `tf.losses`: the mean over the batch, or where samples do not count the same, the value of each. */
export function ofTensorFlow(
  callee: string,
  targets: Expression,
  predictions: Expression,
  labelSmoothing: number,
  isWeighted: boolean,
): ScriptValue {
  const noWeights = reference('undefined')
  if (isWeighted) return eachOf(callee, targets, predictions, noWeights, labelSmoothing, reference('tf.Reduction.NONE'))
  return meanOf(callee, targets, predictions, ...(labelSmoothing === 0 ? [] : [noWeights, labelSmoothing]))
}
