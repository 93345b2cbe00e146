/** Checks that the learning rate is in the usual range of the optimizer. */
import { optimizerTable } from '../parts/optimizers/table.ts'
import { defineRule } from './defineRule.ts'

export const learningRate = defineRule({
  codes: ['meaning/learning-rate'],
  check({ spec: { optimizer } }) {
    const rates = optimizer && optimizerTable[optimizer.type]?.rates
    const rate = optimizer?.options['learningRate']
    if (rates === undefined || typeof rate !== 'number' || (rate >= rates.smallest && rate <= rates.largest)) return []
    const message =
      rate > rates.largest
        ? `a learning rate of ${rate} is too large for \`${optimizer!.type}\` (at most ${rates.largest}): training will diverge`
        : `a learning rate of ${rate} is too small for \`${optimizer!.type}\` (at least ${rates.smallest}): the weights will hardly change`
    return [
      {
        path: ['optimizer', optimizer!.type, 'learningRate'],
        message,
        help: `typical rates are ${rates.usual.join(' to ')}`,
      },
    ]
  },
})
