/** Fields that several losses share. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { reference, type Expression } from '../../language/expression.ts'
import { flag } from '../../language/fields.ts'
import { withDefault } from '../../language/schema.ts'
import { eachOf, meanOf, type ScriptLoss, type ScriptValue } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./categoricalCrossentropy.run.ts')>()

/** Builds calls of the losses of TensorFlow.js. */
export const tfLoss = callsTo<typeof import('@tensorflow/tfjs').losses>('tf.losses.')

/** @param activation The activation that turns logits into probabilities. */
export function fromLogitsField(activation: string) {
  return flag(
    `Whether predictions are logits, to which the loss applies ${activation} itself. The last layer then has no activation.`,
    false,
  )
}

/** @param towards The value that targets are moved towards. */
export function labelSmoothingField(towards: string) {
  return withDefault(
    Type.Number({
      description: `How far targets of 0 and 1 are moved towards ${towards}, which discourages overconfidence.`,
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.1],
    }),
    0,
  )
}

interface CategoriesOptions {
  readonly fromLogits?: boolean | undefined
  readonly labelSmoothing?: number | undefined
}

/** The cross-entropy of classes in scripts; for logits, the function of TensorFlow.js. */
export const scriptOfCategories: ScriptLoss<{ readonly fromLogits: boolean }, CategoriesOptions> = {
  ofLogits: ({ fromLogits }) => (fromLogits ? [] : ['softmax']),
  script({ fromLogits, labelSmoothing }, { targets, predictions, logits }, isWeighted) {
    if (logits || fromLogits)
      return ofTensorFlow('softmaxCrossEntropy', targets, predictions, labelSmoothing, isWeighted)
    return eachOf(run('categoricalCrossentropy', targets, predictions, { labelSmoothing }))
  },
}

/** A loss of `tf.losses`: the mean over the batch or, if samples have weights, the value of each sample. */
export function ofTensorFlow(
  callee: 'softmaxCrossEntropy' | 'sigmoidCrossEntropy',
  targets: Expression,
  predictions: Expression,
  labelSmoothing: number | undefined,
  isWeighted: boolean,
): ScriptValue {
  const noWeights = reference('undefined')
  if (isWeighted) {
    const none = reference('tf.Reduction.NONE')
    return eachOf(tfLoss(callee, targets, predictions, noWeights, labelSmoothing ?? 0, none))
  }
  if (labelSmoothing === undefined) return meanOf(tfLoss(callee, targets, predictions))
  return meanOf(tfLoss(callee, targets, predictions, noWeights, labelSmoothing))
}
