/** Checks that the number of final units fits the classes of the dataset. */
import { countOf } from '../diagnostics/formatCount.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { finalActivation, fitsLabels, fittingUnits, hasFinalUnits, trainedOutputs, unitsOf } from './trainedOutputs.ts'
import type { CheckedNetwork, KnownDataset } from './checkedNetwork.ts'
import { isSingleSoftmax } from './singleSoftmax.ts'

export const classCount = defineRule({
  codes: ['meaning/class-count', 'data/not-checked'],
  check(network) {
    const { spec, source, dataset } = network
    if (dataset === undefined) return []
    return trainedOutputs(network).flatMap((judged) => {
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
          ? `the labels of \`${spec.dataset!.type}\` are one value per sample`
          : `\`${spec.dataset!.type}\` has ${countOf(dataset.classes, 'class', 'classes')}`
      // If classes have no samples, the largest label may be wrong and the units right.
      const absent = dataset.absentClasses === 0 ? '' : `, ${dataset.absentClasses} of them without samples`
      const message = `the network ends in ${countOf(units, 'unit')}, but ${has}${absent}`
      return {
        code: 'meaning/class-count',
        path: option ? [...path, option] : path,
        message,
        atKey: option === undefined,
        help: unitsHelp(wanted, dataset),
        fixes:
          maker && option && absent === '' ? toFix({ kind: 'set', option, value: wanted }, maker.layer, source) : [],
      }
    })
  },
})

/** Warns that the units fit the largest label, but that the label itself may be wrong. */
function reportAbsentClasses({ spec, dataset }: CheckedNetwork): Finding[] {
  if (dataset?.classes === undefined || dataset.absentClasses === 0) return []
  const classes = dataset.absentClasses === 1 ? '1 smaller class has' : `${dataset.absentClasses} smaller classes have`
  const message = `the number of classes was not checked: the largest label is ${dataset.classes - 1}, but ${classes} no samples`
  const help = 'check that the largest labels are correct; `check --data` lists the classes'
  return [{ code: 'data/not-checked', path: ['dataset', spec.dataset!.type], message, help }]
}

function unitsHelp(wanted: number, { classes }: KnownDataset): string {
  if (classes === undefined) return 'end the network in 1 unit'
  if (classes === 0) return 'the dataset has no samples'
  if (classes === 1) return 'a network cannot learn from one class: check the labels of the dataset'
  return wanted === 1 ? 'use 1 unit for a yes/no answer' : `use one unit per class: ${wanted}`
}
