/** RMSProp (Hinton, 2012): tf.train.rmsprop. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { reference } from '../../language/expression.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { decayRate, epsilon, learningRate, ruleCall, trainCall, upToDefaults } from './fields.ts'
import { defineOptimizer, type OptimizerDef } from '../../language/optimizerDef.ts'

const call = callsTo<typeof import('./rmsprop.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    decay: decayRate('The decay of the running mean of squared gradients.', 0.9),
    momentum: decayRate('The fraction of the last step that each step keeps.', 0),
    epsilon,
    centered: withDefault(
      Type.Boolean({ description: 'Whether to normalize gradients by their variance.', examples: [true] }),
      false,
    ),
  },
  'RMSProp: divides gradients by the square root of a running mean of their squares.',
)

export const rmsprop: OptimizerDef = defineOptimizer({
  aliases: { options: { decay: { same: ['rho', 'alpha'] } } },
  schema,
  rates: { smallest: 1e-7, usual: [0.0001, 0.01], largest: 0.5 },
  slots: ({ centered }) => (centered ? 3 : 2),
  lower: (options) => call('rmsprop', options),
  script: (options) =>
    options.centered
      ? ruleCall('followRule', rmsprop.lower({ ...options, learningRate: reference('learningRate') }))
      : trainCall('rmsprop', options.learningRate, ...upToDefaults(schema, options, 'decay', 'momentum', 'epsilon')),
})
