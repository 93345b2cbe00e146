/** Cross-entropy over mutually exclusive classes, under the name that Keras uses for labels that are class indices. */
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, scriptOfCategories } from './fields.ts'
import { classProbabilities, logits } from '../../language/fit.ts'
import { defineLoss, lossCall } from '../../language/lossDef.ts'

export const sparseCategoricalCrossentropy = defineLoss({
  example: {},
  aliases: { near: ['NLLLoss', 'nn.NLLLoss'] },
  schema: fieldsOf(
    { fromLogits: fromLogitsField('softmax') },
    'The same as categoricalCrossentropy: datasets have class indices as labels for both.',
  ),
  labels: { classes: 'suited' },
  needsOneClass: true,
  predictions: ({ fromLogits }) => (fromLogits ? logits : classProbabilities),
  leastUnits: () => 2,
  lower: (options) => lossCall('sparseCategoricalCrossentropy', options),
  ...scriptOfCategories,
})
