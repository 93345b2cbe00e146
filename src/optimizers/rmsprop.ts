/** RMSProp (Hinton, 2012): tf.train.rmsprop. */
import { Type } from 'typebox'
import { call } from '../layers/expression.ts'
import { fieldsOf, withDefault } from '../layers/schema.ts'
import { decayRate, epsilon, learningRate } from './fields.ts'
import { defineOptimizer } from './optimizerDef.ts'

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    decay: decayRate('The decay of the mean of squared gradients.', 0.9),
    momentum: decayRate('How much of the last step each step keeps.', 0),
    epsilon,
    centered: withDefault(
      Type.Boolean({ description: 'Whether gradients are normalized by their variance.', examples: [true] }),
      false,
    ),
  },
  'RMSProp: gradients divided by a running mean of their size.',
)

export const rmsprop = defineOptimizer({
  schema,
  rates: { smallest: 1e-7, usual: [0.0001, 0.01], largest: 0.5 },
  slots: ({ centered }) => (centered ? 3 : 2),
  // Where it is centered, tf.train takes epsilon away where TensorFlow adds it: √(mean of squares - mean² - epsilon), which
  // is no number for the first gradient below 0.001. A negative epsilon makes it TensorFlow's formula.
  lower: ({ learningRate: rate, decay, momentum, epsilon: tiny, centered }) =>
    call('tf.train.rmsprop', rate, decay, momentum, ...(centered ? [-tiny, true] : [tiny])),
})
