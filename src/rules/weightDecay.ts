/** Weight decay that is stronger than whatever the gradient says. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { reportAt } from '../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

/** The part of a weight that one step may take without the gradient; published networks stay below a thousandth. */
const mostPerStep = 0.05

export function checkWeightDecay({ spec, source }: CheckedNetwork): Diagnostic[] {
  const { weightDecay } = spec.training
  const rate = spec.optimizer?.options['learningRate']
  if (weightDecay === undefined || typeof rate !== 'number' || rate * weightDecay <= mostPerStep) return []
  const part = Number((100 * rate * weightDecay).toPrecision(2))
  const message = `each step takes ${part}% off the kernels, the learning rate ${rate} times ${weightDecay}: nothing is left of what they learn`
  const help = 'usual values of `weightDecay` are 0.0001 to 0.1'
  return [reportAt(source, 'meaning/weight-decay', ['training', 'weightDecay'], message, { severity: 'warning', help })]
}
