/** Adadelta (Zeiler, 2012): tf.train.adadelta, which divides by the mean of squares before the step's own gradient. */
import { call } from '../layers/expression.ts'
import { fieldsOf } from '../layers/schema.ts'
import { decayRate, epsilon, learningRate } from './fields.ts'
import { defineOptimizer } from './optimizerDef.ts'

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    rho: decayRate('The decay of the means of squared gradients and of squared steps.', 0.95),
    epsilon,
  },
  'Adadelta: steps as large as those of late, in the direction of the gradient. Its paper takes a learning rate of 1.',
)

export const adadelta = defineOptimizer({
  schema,
  rates: { smallest: 1e-5, usual: [0.001, 1], largest: 10 },
  slots: () => 2,
  lower: (options) => call('adadelta', options.learningRate, options.rho, options.epsilon),
})
