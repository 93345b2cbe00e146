/** How many units the network ends in against the classes of the dataset. */
import { toFix } from '../graph/shapes.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { finalActivation, fitsLabels, fittingUnits, hasFinalUnits, judgedOutputs, unitsOf } from './judgedOutputs.ts'
import type { CheckedNetwork, KnownDataset } from './checkedNetwork.ts'
import { isSingleSoftmax } from './singleSoftmax.ts'

export const classCount = defineRule({
  codes: ['meaning/class-count', 'data/not-checked'],
  check(network) {
    const { spec, source, dataset } = network
    if (dataset === undefined) return []
    return judgedOutputs(network).flatMap((judged) => {
      const { output, units, loss } = judged
      if (!fitsLabels(judged, dataset) || !hasFinalUnits(judged, network)) return []
      const final = finalActivation(output, network)
      if (final && isSingleSoftmax(final.node)) return []
      const [wanted = 1, ...others] = fittingUnits(loss, dataset)
      if (units === undefined) return []
      if (units === wanted || others.includes(units)) return reportAbsentClasses(network)
      const maker = unitsOf(output, network)
      const path = maker?.layer.path ?? output.layer.path
      const option = maker && ('units' in maker.layer.options ? 'units' : 'filters')
      const has =
        dataset.classes === undefined
          ? `the labels of \`${spec.dataset!.type}\` are one value a sample`
          : `\`${spec.dataset!.type}\` has ${dataset.classes} classes`
      // Where labels are absent, the largest may be wrong, and the units right.
      const absent = dataset.absentClasses === 0 ? '' : `, of which ${dataset.absentClasses} have no sample`
      const message = `the network ends in ${units} units, but ${has}${absent}`
      return {
        code: 'meaning/class-count',
        path: option ? [...path, option] : path,
        message,
        atKey: option === undefined,
        help: tellWanted(wanted, dataset),
        fixes:
          maker && option && absent === '' ? toFix({ kind: 'set', option, value: wanted }, maker.layer, source) : [],
      }
    })
  },
})

/** The number of units fits the largest label: whether that is right is another question. */
function reportAbsentClasses({ spec, dataset }: CheckedNetwork): Finding[] {
  if (dataset?.classes === undefined || dataset.absentClasses === 0) return []
  const classes =
    dataset.absentClasses === 1 ? 'a class below it has' : `${dataset.absentClasses} classes below it have`
  const message = `could not be checked: the number of classes, for the largest label is ${dataset.classes - 1}, and ${classes} no sample`
  const help = 'see whether the largest labels are right; `check --data` lists the classes'
  return [{ code: 'data/not-checked', path: ['dataset', spec.dataset!.type], message, help }]
}

function tellWanted(wanted: number, { classes }: KnownDataset): string {
  if (classes === undefined) return 'one unit predicts it'
  return wanted === 1 ? 'one unit answers yes or no' : `one unit for each class: ${wanted}`
}
