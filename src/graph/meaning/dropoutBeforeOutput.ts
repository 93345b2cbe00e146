/** Dropout that blots out predictions. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import { judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkDropoutBeforeOutput(network: CheckedNetwork): Diagnostic[] {
  return judgedOutputs(network).flatMap(({ output }) => {
    if (output.layer.type !== 'dropout') return []
    const message = 'this dropout is the output: it blots out predictions while training'
    return reportAt(network.source, 'meaning/dropout-before-output', output.layer.path, message, {
      severity: 'warning',
      atKey: true,
      help: 'put it before the last layer with weights',
    })
  })
}
