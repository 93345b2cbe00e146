/** Adam (Kingma and Ba, 2014): tf.train.adam. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { decayRate, epsilon, learningRate, trainCall, upToDefaults } from './fields.ts'
import { defineOptimizer } from '../../language/optimizerDef.ts'

const run = callsTo<typeof import('./adam.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.001),
    beta1: decayRate('The decay of the running mean of gradients.', 0.9),
    beta2: decayRate('The decay of the running mean of squared gradients.', 0.999),
    epsilon,
  },
  'Adam: scales steps by running means of the gradient and its square.',
)

export const adam = defineOptimizer({
  aliases: { near: ['AdamW', 'Nadam', 'torch.optim.Adam'] },
  schema,
  rates: { smallest: 1e-7, usual: [0.0001, 0.01], largest: 0.5 },
  slots: () => 2,
  lower: (options) => run('adam', options),
  script: (options) =>
    trainCall('adam', options.learningRate, ...upToDefaults(schema, options, 'beta1', 'beta2', 'epsilon')),
})
