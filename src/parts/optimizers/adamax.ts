/** Adamax (Kingma and Ba, 2014): tf.train.adamax. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { decayRate, epsilon, learningRate, trainCall, upToDefaults } from './fields.ts'
import { defineOptimizer } from '../../language/optimizerDef.ts'

const call = callsTo<typeof import('./adamax.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.002),
    beta1: decayRate('The decay of the running mean of gradients.', 0.9),
    beta2: decayRate('The decay of the largest gradient.', 0.999),
    epsilon,
    decay: withDefault(
      Type.Number({
        description: 'The decay of the learning rate: after n steps it is learningRate / (1 + decay · n).',
        minimum: 0,
        examples: [0.0001],
      }),
      0,
    ),
  },
  'Adamax: Adam with the largest recent gradient instead of the mean of squares.',
)

export const adamax = defineOptimizer({
  schema,
  rates: { smallest: 1e-7, usual: [0.0001, 0.01], largest: 0.5 },
  slots: () => 2,
  lower: (options) => call('adamax', options),
  script: (options) =>
    trainCall('adamax', options.learningRate, ...upToDefaults(schema, options, 'beta1', 'beta2', 'epsilon', 'decay')),
})
