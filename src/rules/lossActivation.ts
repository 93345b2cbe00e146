/** Checks that the loss fits the final activation of the network. */
import type { Fix } from '../diagnostics/diagnostic.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { setValue } from '../source/edits.ts'
import { toFix } from '../graph/shapes.ts'
import { placeOrKey } from '../source/report.ts'
import { defineRule } from './defineRule.ts'
import { fitsLabels, hasFinalUnits, trainedOutputs, unfitActivation, type TrainedOutput } from './trainedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'
import { isSingleSoftmax } from './singleSoftmax.ts'

export const lossActivation = defineRule({
  codes: ['meaning/loss-activation'],
  check(network) {
    const { source, dataset } = network
    return trainedOutputs(network).flatMap((judged) => {
      const { lossName, lossOptions } = judged
      if (!fitsLabels(judged, dataset) || !hasFinalUnits(judged, network)) return []
      const found = unfitActivation(judged, network)
      if (found === undefined || isSingleSoftmax(found.node)) return []
      const { node, activation, range } = found
      const place = placeOrKey(source, [...node.layer.path, 'activation'], node.layer.path)
      const ending = activation === 'linear' ? 'no activation' : `the activation \`${activation}\``
      const loss = lossOptions['fromLogits'] === true ? `\`${lossName}\` with \`fromLogits\`` : `\`${lossName}\``
      const other = switchLogits(judged, activation, network)
      const message = `the last layer has ${ending}, but ${loss} expects ${range.name}`
      return {
        ...place,
        message,
        help: `end it in ${listWords(range.activations)}${other.length > 0 ? `, or ${other[0]!.title}` : ''}`,
        fixes: [
          ...toFix({ kind: 'set', option: 'activation', value: range.activations[0]! }, node.layer, source),
          ...other,
        ],
      }
    })
  },
})

/** The fix that switches `fromLogits` of the loss, if the activation fits then. */
function switchLogits(
  { loss, lossName, lossOptions, lossPath, units }: TrainedOutput,
  activation: string,
  { source }: CheckedNetwork,
): Fix[] {
  const { fromLogits, ...rest } = lossOptions
  if (typeof fromLogits !== 'boolean') return []
  const range = loss.predictions?.({ ...rest, fromLogits: !fromLogits }, units)
  const edits = setValue(source, lossPath, fromLogits ? lossName : { [lossName]: { fromLogits: true } })
  if (edits === undefined || !range?.activations.includes(activation)) return []
  return [
    {
      kind: 'suggestion',
      title: fromLogits ? 'remove `fromLogits` from the loss' : 'set `fromLogits: true` on the loss',
      edits,
    },
  ]
}
