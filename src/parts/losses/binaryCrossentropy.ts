/** Cross-entropy of answers yes or no. */
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, labelSmoothingField, ofTensorFlow } from './fields.ts'
import { answerProbabilities, logits } from '../../language/fit.ts'
import { defineLoss } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const binaryCrossentropy = defineLoss('binaryCrossentropy', {
  example: {},
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
  ofLogits: ({ fromLogits }) => (fromLogits ? [] : ['sigmoid', 'softmax']),
  script({ fromLogits, labelSmoothing }, { targets, predictions, logits: activation }, isWeighted) {
    const options = labelSmoothing === 0 ? [] : [{ labelSmoothing }]
    if (activation === 'softmax') return eachOf('binaryCrossentropyOfSoftmax', targets, predictions, ...options)
    if (activation === undefined && !fromLogits) return eachOf('binaryCrossentropy', targets, predictions, ...options)
    return ofTensorFlow('tf.losses.sigmoidCrossEntropy', targets, predictions, labelSmoothing, isWeighted)
  },
})
