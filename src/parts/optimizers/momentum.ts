/** Gradient descent with momentum: tf.train.momentum. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { decayRate, learningRate, trainCall, upToDefaults } from './fields.ts'
import { defineOptimizer } from '../../language/optimizerDef.ts'

const run = callsTo<typeof import('./momentum.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.01),
    momentum: decayRate('The fraction of the last step that each step keeps.', 0.9),
    useNesterov: withDefault(
      Type.Boolean({
        description: 'Whether to use Nesterov momentum, which looks ahead along the step.',
        examples: [true],
      }),
      false,
    ),
  },
  'Gradient descent with momentum: v ← momentum · v + gradient, w ← w - learningRate · v.',
)

export const momentum = defineOptimizer({
  aliases: { options: { useNesterov: { same: ['nesterov'] } } },
  schema,
  rates: { smallest: 1e-7, usual: [0.001, 0.1], largest: 10 },
  slots: () => 1,
  lower: (options) => run('momentum', options),
  script: (options) =>
    trainCall('momentum', options.learningRate, options.momentum, ...upToDefaults(schema, options, 'useNesterov')),
})
