/** Finds tensors with more values than TensorFlow.js can address on any engine. */
import { formatBytes, formatCount } from '../diagnostics/formatCount.ts'
import { lookUp } from '../language/schema.ts'
import { formatShape, knownSize, type Shape } from '../language/dims.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { defineRule, type Finding } from './defineRule.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

/** The kernels of all engines count the values of a tensor in int32. */
const mostValues = 2 ** 31 - 1

export const tensorTooLarge = defineRule({
  codes: ['engine/tensor-too-large'],
  check(network) {
    const { spec, shaped } = network
    // One mistake often makes many tensors too large; the first of them is at its origin.
    const first = shaped.nodes.find((node) => weightBeyond(node) !== undefined || isBeyond(node.shape))
    if (first === undefined) return batchBeyond(network)
    const weight = weightBeyond(first)
    const what =
      weight === undefined
        ? `the output of \`${first.name}\` for one sample is ${describeTensor(first.shape)}`
        : `the ${weight.name} of \`${first.name}\` is ${describeTensor(weight.shape)}`
    return [
      {
        path: first.item.path,
        message: `${what}, but a tensor can have at most ${limit}`,
        atKey: !first.implied,
        help:
          weight === undefined && first.inputs.length === 0
            ? smallerSamples(spec.dataset?.type)
            : 'make the layer smaller',
      },
    ]
  },
})

/** Checks tensors of a whole batch, as far as its number of samples is known. */
function batchBeyond({ spec, shaped }: CheckedNetwork): Finding[] {
  const { batchSize } = spec.training
  const samples = Math.min(batchSize, spec.facts?.trainCount ?? 1)
  const largest = shaped.nodes.find(({ shape }) => samples * knownSize(shape) > mostValues)
  if (largest === undefined) return []
  const fitting = Math.floor(mostValues / knownSize(largest.shape))
  const message = `the output of \`${largest.name}\` for a batch of ${formatCount(samples)} is ${describeTensor([samples, ...largest.shape])}, but a tensor can have at most ${limit}`
  return [{ path: ['training', 'batchSize'], message, help: `use a \`batchSize\` of at most ${formatCount(fitting)}` }]
}

const limit = `${formatCount(mostValues)} values`

function weightBeyond({ weights }: ShapedNode): ShapedNode['weights'][number] | undefined {
  return weights.find(({ shape }) => isBeyond(shape))
}

function isBeyond(shape: Shape): boolean {
  return knownSize(shape) > mostValues
}

/** Formats `784x1000000000 (784,000,000,000 values, 2.9 TiB)`. */
function describeTensor(shape: Shape): string {
  const size = knownSize(shape)
  return `${formatShape(shape)} (${formatCount(size)} values, ${formatBytes(4 * size)})`
}

function smallerSamples(dataset: string | undefined): string {
  const isResized = dataset !== undefined && 'size' in lookUp(datasetTable, dataset).schema.properties
  return isResized ? 'set a smaller `size`, to which images are resized' : 'make the samples smaller or split them'
}
