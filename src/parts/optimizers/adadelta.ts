/** Adadelta (Zeiler, 2012), as Keras and PyTorch have it. */
import { callsTo } from '../../language/calls.ts'
import { reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { decayRate, epsilon, learningRate, ruleCall } from './fields.ts'
import { defineOptimizer, type OptimizerDef } from '../../language/optimizerDef.ts'

const call = callsTo<typeof import('./adadelta.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    rho: decayRate('The decay of the means of squared gradients and of squared steps.', 0.95),
    epsilon,
  },
  'Adadelta: steps as large as those of late, in the direction of the gradient, times the learning rate. The paper has none, which is a rate of 1; PyTorch takes 1 by default, and Keras 0.001. The squares take in the gradient before the step, which tf.train does after it.',
)

export const adadelta: OptimizerDef = defineOptimizer({
  schema,
  rates: { smallest: 1e-5, usual: [0.001, 1], largest: 10 },
  slots: () => 2,
  lower: (options) => call('adadelta', options),
  script: (options) => ruleCall('followRule', adadelta.lower({ ...options, learningRate: reference('learningRate') })),
})
