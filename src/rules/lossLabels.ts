/** Checks that the loss fits the labels of the dataset. */
import type { Fix } from '../diagnostics/diagnostic.ts'
import { lookUp } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { addEntry, setValue } from '../source/edits.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { finalActivation, trainedOutputs, type TrainedOutput } from './trainedOutputs.ts'
import { describeLabels, type CheckedNetwork } from './checkedNetwork.ts'

export const lossLabels = defineRule({
  codes: ['meaning/loss-labels', 'meaning/unusual-loss'],
  check(network) {
    const { dataset } = network
    if (dataset === undefined) return []
    return trainedOutputs(network).flatMap((judged) => {
      const { lossName, lossPath, suits } = judged
      if (suits === 'suited') return findSmallLabels(judged, network)
      const labels = describeLabels(network)
      const areValues = dataset.classes === undefined
      const help = areValues
        ? `for values, use \`meanSquaredError\` and no activation in the last layer${canBeClasses(network) ? '; if they are the numbers of classes, set `labels: classes` in the dataset' : ''}`
        : 'for mutually exclusive classes, use `categoricalCrossentropy`'
      const fixes = areValues
        ? [...takeClasses(judged, network), ...takeSquaredError(judged, network)]
        : takeCrossentropy(judged, network)
      if (suits === undefined) {
        const message = `\`${lossName}\` does not fit ${labels}`
        return { code: 'meaning/loss-labels', path: lossPath, message, help, fixes }
      }
      const message = `\`${lossName}\` is an unusual choice for ${labels}`
      return { code: 'meaning/unusual-loss', path: lossPath, message, help, fixes }
    })
  },
})

/** Finds labels below those that the loss is defined for. */
function findSmallLabels(judged: TrainedOutput, network: CheckedNetwork): Finding[] {
  const { loss, lossName, lossPath } = judged
  const { dataset, facts } = network.spec
  const [required = -Infinity, least = Infinity] = [loss.leastLabel, facts?.leastLabel]
  if (least >= required) return []
  const message = `\`${lossName}\` requires labels of at least ${required}, but a label of \`${dataset!.type}\` is ${Number(least.toPrecision(6))}`
  const help = 'for positive and negative values, use `meanSquaredError` and no activation in the last layer'
  return [{ code: 'meaning/loss-labels', path: lossPath, message, help, fixes: takeSquaredError(judged, network) }]
}

/** Whether the dataset has values only because its numbers are not declared as classes. */
function canBeClasses({ spec: { dataset } }: CheckedNetwork): boolean {
  const { type, options } = dataset!
  return options['labels'] === undefined && 'labels' in lookUp(datasetTable, type).schema.properties
}

function takeClasses({ loss }: TrainedOutput, network: CheckedNetwork): Fix[] {
  const { spec, source } = network
  if (!canBeClasses(network) || loss.labels.values !== undefined) return []
  const edits = addEntry(source, ['dataset', spec.dataset!.type], 'labels', 'classes')
  return edits ? [{ kind: 'suggestion', title: 'set `labels: classes` in the dataset', edits }] : []
}

function takeSquaredError({ output, lossPath }: TrainedOutput, network: CheckedNetwork): Fix[] {
  const { source } = network
  const edits = setValue(source, lossPath, 'meanSquaredError')
  if (edits === undefined) return []
  const final = finalActivation(output, network)
  const isWritten = final && source.pairAt([...final.node.layer.path, 'activation']) !== undefined
  const [linear] = isWritten ? toFix({ kind: 'remove', option: 'activation' }, final.node.layer, source) : []
  const title = 'replace it with `meanSquaredError`'
  if (linear)
    return [
      { kind: 'suggestion', title: `${title} and remove the final activation`, edits: [...edits, ...linear.edits] },
    ]
  return [{ kind: 'suggestion', title, edits }]
}

function takeCrossentropy({ output, lossPath }: TrainedOutput, network: CheckedNetwork): Fix[] {
  const { source } = network
  const edits = setValue(source, lossPath, 'categoricalCrossentropy')
  if (edits === undefined) return []
  const title = 'replace it with `categoricalCrossentropy`'
  const node = finalActivation(output, network)?.node
  const [softmax] = node ? toFix({ kind: 'set', option: 'activation', value: 'softmax' }, node.layer, source) : []
  const both: Fix | undefined = softmax && {
    kind: 'suggestion',
    title: `${title} and end in \`softmax\``,
    edits: [...edits, ...softmax.edits],
  }
  return [{ kind: 'suggestion', title, edits }, ...(both ? [both] : [])]
}
