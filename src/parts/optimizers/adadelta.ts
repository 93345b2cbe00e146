/** Adadelta (Zeiler, 2012), as in Keras and PyTorch. */
import { callsTo } from '../../language/calls.ts'
import { reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { decayRate, epsilon, learningRate, ruleCall } from './fields.ts'
import { defineOptimizer, type OptimizerDef } from '../../language/optimizerDef.ts'

const call = callsTo<typeof import('./adadelta.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    rho: decayRate('The decay of the running means of squared gradients and squared steps.', 0.95),
    epsilon,
  },
  'Adadelta: scales each step by the size of recent steps and gradients. The paper has no learning rate, which is a rate of 1, the default of PyTorch; Keras defaults to 0.001. The mean of squared gradients is updated before the step, whereas tf.train updates it after.',
)

export const adadelta: OptimizerDef = defineOptimizer({
  schema,
  rates: { smallest: 1e-5, usual: [0.001, 1], largest: 10 },
  slots: () => 2,
  lower: (options) => call('adadelta', options),
  script: (options) => ruleCall('followRule', adadelta.lower({ ...options, learningRate: reference('learningRate') })),
})
