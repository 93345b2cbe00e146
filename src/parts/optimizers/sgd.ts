/** Stochastic gradient descent: tf.train.sgd. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { learningRate, trainCall } from './fields.ts'
import { defineOptimizer } from '../../language/optimizerDef.ts'

const run = callsTo<typeof import('./sgd.run.ts')>()

export const sgd = defineOptimizer({
  aliases: { same: ['gradientDescent'], near: ['torch.optim.SGD'] },
  schema: fieldsOf(
    { learningRate: learningRate(0.01) },
    'Stochastic gradient descent: w ← w - learningRate · gradient.',
  ),
  rates: { smallest: 1e-7, usual: [0.001, 0.1], largest: 10 },
  slots: () => 0,
  lower: (options) => run('sgd', options),
  script: (options) => trainCall('sgd', options.learningRate),
})
