/** Whether training would change anything. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkNothingToTrain({ spec, shaped, source }: CheckedNetwork): Diagnostic[] {
  if (!shaped.complete || spec.loss === undefined) return []
  if (shaped.nodes.some(({ trainableParams }) => trainableParams > 0)) return []
  const message = 'no layer has weights that training changes'
  return [
    reportAt(source, 'meaning/nothing-to-train', ['layers'], message, {
      atKey: true,
      help: 'add a layer with weights, such as `dense`',
    }),
  ]
}
