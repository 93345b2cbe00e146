/** The learning rate against what the optimizer bears. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { optimizerTable } from '../../optimizers/table.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkLearningRate({ spec: { optimizer }, source }: CheckedNetwork): Diagnostic[] {
  if (optimizer === undefined) return []
  const rate = optimizer.options['learningRate']
  const largest = optimizerTable[optimizer.type]?.largestRate
  if (typeof rate !== 'number' || largest === undefined || rate <= largest) return []
  const message = `a learning rate of ${rate} is far more than \`${optimizer.type}\` bears: training will diverge`
  return [
    reportAt(source, 'meaning/learning-rate', ['optimizer', optimizer.type, 'learningRate'], message, {
      severity: 'warning',
      help: 'usual rates are 0.0001 to 0.1',
    }),
  ]
}
