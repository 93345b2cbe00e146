/** How many units the network ends in against the classes of the dataset. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import { toFix } from '../shapes.ts'
import { finalActivation, fitsLabels, fittingUnits, hasFinalUnits, judgedOutputs, unitsOf } from './judgedOutputs.ts'
import type { CheckedNetwork, KnownDataset } from './meaningCheck.ts'
import { isSingleSoftmax } from './singleSoftmax.ts'

export function checkClassCount(network: CheckedNetwork): Diagnostic[] {
  const { spec, source, dataset } = network
  if (dataset === undefined) return []
  return judgedOutputs(network).flatMap((judged) => {
    const { output, units, loss } = judged
    if (!fitsLabels(judged, dataset) || !hasFinalUnits(judged, network)) return []
    const final = finalActivation(output, network)
    if (final && isSingleSoftmax(final.node)) return []
    const [wanted = 1, ...others] = fittingUnits(loss, dataset)
    if (units === undefined || units === wanted || others.includes(units)) return []
    const maker = unitsOf(output, network)
    const path = maker?.layer.path ?? output.layer.path
    const option = maker && ('units' in maker.layer.options ? 'units' : 'filters')
    const has =
      dataset.classes === undefined
        ? `the labels of \`${spec.dataset!.type}\` are one value a sample`
        : `\`${spec.dataset!.type}\` has ${dataset.classes} classes`
    const message = `the network ends in ${units} units, but ${has}`
    return reportAt(source, 'meaning/class-count', option ? [...path, option] : path, message, {
      atKey: option === undefined,
      help: tellWanted(wanted, dataset),
      fixes: maker && option ? toFix({ kind: 'set', option, value: wanted }, maker.layer, source) : [],
    })
  })
}

function tellWanted(wanted: number, { classes }: KnownDataset): string {
  if (classes === undefined) return 'one unit predicts it'
  return wanted === 1 ? 'one unit answers yes or no' : `one unit for each class: ${wanted}`
}
