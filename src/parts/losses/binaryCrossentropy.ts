/** Cross-entropy of yes or no predictions. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { fromLogitsField, labelSmoothingField, ofTensorFlow } from './fields.ts'
import { answerProbabilities, logits } from '../../language/fit.ts'
import { defineLoss, lossCall } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./binaryCrossentropy.run.ts')>()

export const binaryCrossentropy = defineLoss({
  example: {},
  aliases: {
    same: ['bce', 'BCELoss', 'nn.BCELoss'],
    near: ['bceWithLogits', 'BCEWithLogitsLoss', 'nn.BCEWithLogitsLoss', 'logLoss', 'sigmoidCrossEntropy'],
  },
  schema: fieldsOf(
    { fromLogits: fromLogitsField('sigmoid'), labelSmoothing: labelSmoothingField('0.5') },
    'Cross-entropy of one probability, or of several independent ones.',
  ),
  labels: { binary: 'suited', classes: 'unusual' },
  predictions: ({ fromLogits }) => (fromLogits ? logits : answerProbabilities),
  ofLogits: ({ fromLogits }) => (fromLogits ? [] : ['sigmoid', 'softmax']),
  lower: (options) => lossCall('binaryCrossentropy', options),
  script({ fromLogits, ...options }, { targets, predictions, logits: activation }, isWeighted) {
    if (activation === 'softmax') return eachOf(run('binaryCrossentropyOfSoftmax', targets, predictions, options))
    if (activation === undefined && fromLogits !== true)
      return eachOf(run('binaryCrossentropy', targets, predictions, options))
    return ofTensorFlow('sigmoidCrossEntropy', targets, predictions, options.labelSmoothing, isWeighted)
  },
})
