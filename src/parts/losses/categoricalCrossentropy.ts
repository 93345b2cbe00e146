/** Cross-entropy over classes that exclude each other. */
import { call } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, labelSmoothingField } from './fields.ts'
import { classProbabilities, logits } from '../../language/fit.ts'
import { eachOf, meanOf } from '../../language/scriptForms.ts'
import { defineLoss } from '../../language/lossDef.ts'

export const categoricalCrossentropy = defineLoss('categoricalCrossentropy', {
  aliases: {
    near: ['crossEntropy', 'CrossEntropyLoss', 'nn.CrossEntropyLoss', 'softmaxCrossEntropy'],
    options: { labelSmoothing: { same: ['smoothing'] } },
  },
  schema: fieldsOf(
    { fromLogits: fromLogitsField('softmax'), labelSmoothing: labelSmoothingField('1 / classes') },
    'Cross-entropy between probabilities and the true class, one of several.',
  ),
  labels: { classes: 'well' },
  predictions: ({ fromLogits }) => (fromLogits ? logits : classProbabilities),
  leastUnits: () => 2,
  ofLogits: ({ fromLogits }) => (fromLogits ? [] : ['softmax']),
  script: ({ labelSmoothing, fromLogits }, { targets, predictions, logits: activation, units }) => {
    if (activation === undefined && !fromLogits) return eachOf('categoricalCrossentropy', targets, predictions)
    const smoothed = labelSmoothing === 0 ? targets : call('smoothTargets', targets, labelSmoothing, 1 / units)
    return meanOf('tf.losses.softmaxCrossEntropy', smoothed, predictions)
  },
})
