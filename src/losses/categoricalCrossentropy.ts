/** Cross-entropy over classes that exclude each other. */
import { crossentropyFields } from './fields.ts'
import { classProbabilities, logits } from './fit.ts'
import { defineLoss } from './lossDef.ts'

export const categoricalCrossentropy = defineLoss('categoricalCrossentropy', {
  schema: crossentropyFields('softmax', 'Cross-entropy between probabilities and the true class, one of several.'),
  labels: { classes: 'well' },
  predictions: ({ fromLogits }) => (fromLogits ? logits : classProbabilities),
  leastUnits: () => 2,
})
