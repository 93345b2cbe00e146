/** Cross-entropy over mutually exclusive classes. */
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, labelSmoothingField, scriptOfCategories } from './fields.ts'
import { classProbabilities, logits } from '../../language/fit.ts'
import { defineLoss, lossCall } from '../../language/lossDef.ts'

export const categoricalCrossentropy = defineLoss({
  example: {},
  aliases: {
    near: ['crossEntropy', 'CrossEntropyLoss', 'nn.CrossEntropyLoss', 'softmaxCrossEntropy'],
    options: { labelSmoothing: { same: ['smoothing'] } },
  },
  schema: fieldsOf(
    { fromLogits: fromLogitsField('softmax'), labelSmoothing: labelSmoothingField('1 / classes') },
    'Cross-entropy between class probabilities and the true class.',
  ),
  labels: { classes: 'suited' },
  predictions: ({ fromLogits }) => (fromLogits ? logits : classProbabilities),
  leastUnits: () => 2,
  lower: (options) => lossCall('categoricalCrossentropy', options),
  ...scriptOfCategories,
})
