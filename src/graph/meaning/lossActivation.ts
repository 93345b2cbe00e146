/** The loss against the activation that the network ends in. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { listWords } from '../../diagnostics/didYouMean.ts'
import { reportAt } from '../../source/report.ts'
import { toFix } from '../shapes.ts'
import { finalActivation, fitsLabels, hasFinalUnits, judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './meaningCheck.ts'
import { isSingleSoftmax } from './singleSoftmax.ts'

export function checkLossActivation(network: CheckedNetwork): Diagnostic[] {
  const { source, dataset } = network
  return judgedOutputs(network).flatMap((judged) => {
    const { output, loss, lossName } = judged
    if (!fitsLabels(judged, dataset) || !hasFinalUnits(judged, network)) return []
    const found = finalActivation(output, network)
    if (loss.activations === undefined || found === undefined || loss.activations.includes(found.activation)) return []
    if (isSingleSoftmax(found.node)) return []
    const { node, activation } = found
    const path = [...node.layer.path, 'activation']
    const isWritten = source.pairAt(path) !== undefined
    const ending = activation === 'linear' ? 'no activation' : `\`${activation}\``
    const message = `the network ends in ${ending}, but \`${lossName}\` takes probabilities`
    return reportAt(source, 'meaning/loss-activation', isWritten ? path : node.layer.path, message, {
      atKey: !isWritten,
      help: `end it in ${listWords(loss.activations)}`,
      fixes: toFix({ kind: 'set', option: 'activation', value: loss.activations[0]! }, node.layer, source),
    })
  })
}
