/** Cross-entropy of answers yes or no. */
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, labelSmoothingField } from './fields.ts'
import { answerProbabilities, logits } from '../../language/fit.ts'
import { defineLoss } from '../../language/lossDef.ts'

export const binaryCrossentropy = defineLoss('binaryCrossentropy', {
  aliases: {
    same: ['bce', 'BCELoss', 'nn.BCELoss'],
    near: ['bceWithLogits', 'BCEWithLogitsLoss', 'nn.BCEWithLogitsLoss', 'logLoss', 'sigmoidCrossEntropy'],
  },
  schema: fieldsOf(
    { fromLogits: fromLogitsField('sigmoid'), labelSmoothing: labelSmoothingField('0.5') },
    'Cross-entropy of a probability, or of several that exclude each other not.',
  ),
  labels: { binary: 'well', classes: 'oddly' },
  predictions: ({ fromLogits }) => (fromLogits ? logits : answerProbabilities),
})
