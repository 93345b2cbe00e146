/** Adagrad (Duchi, Hazan and Singer, 2011): tf.train.adagrad. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { learningRate, trainCall, upToDefaults } from './fields.ts'
import { defineOptimizer } from '../../language/optimizerDef.ts'

const call = callsTo<typeof import('./adagrad.run.ts')>()

const schema = fieldsOf(
  {
    learningRate: learningRate(0.01),
    initialAccumulatorValue: withDefault(
      Type.Number({
        description: 'The initial value of the sum of squared gradients.',
        exclusiveMinimum: 0,
        examples: [0.01],
      }),
      0.1,
    ),
  },
  'Adagrad: divides gradients by the square root of the sum of all their squares, so that steps become smaller over time.',
)

export const adagrad = defineOptimizer({
  schema,
  rates: { smallest: 1e-6, usual: [0.001, 0.1], largest: 5 },
  slots: () => 1,
  lower: (options) => call('adagrad', options),
  script: (options) =>
    trainCall('adagrad', options.learningRate, ...upToDefaults(schema, options, 'initialAccumulatorValue')),
})
