/** The learning rate against what the optimizer bears. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { reportAt } from '../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkLearningRate({ spec: { optimizer }, source }: CheckedNetwork): Diagnostic[] {
  const rates = optimizer && optimizerTable[optimizer.type]?.rates
  const rate = optimizer?.options['learningRate']
  if (rates === undefined || typeof rate !== 'number' || (rate >= rates.smallest && rate <= rates.largest)) return []
  const message =
    rate > rates.largest
      ? `a learning rate of ${rate} is far more than \`${optimizer!.type}\` bears, ${rates.largest} at most: training will diverge`
      : `a learning rate of ${rate} is too small for \`${optimizer!.type}\`, ${rates.smallest} at least: the weights will hardly move`
  return [
    reportAt(source, 'meaning/learning-rate', ['optimizer', optimizer!.type, 'learningRate'], message, {
      severity: 'warning',
      help: `usual rates are ${rates.usual.join(' to ')}`,
    }),
  ]
}
