/**
 * Joins convolutions with what pads their inputs or cuts their outputs, and means with means. PyTorch has causal convolutions as
 * one of the first two: `F.pad(x, (n, 0))` before them, or `x[:, :, :-n]` after them.
 */
import { integersOf } from './constants.ts'
import type { OnnxNode } from './decodeModel.ts'
import { numberOf, numbersOf, reducedAxes, storedNumber, textOf, type OnnxGraph } from './graph.ts'

/** A convolution of an input that is padded by zeros pads it itself. */
export function fusePaddedConvolution(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [padded, ...others] = node.operator === 'Conv' ? node.inputs : []
  const pad = padded === undefined ? undefined : graph.producer(padded)
  const [x, stated, fill] = pad?.operator === 'Pad' && graph.hasOneUse(padded!) ? pad.inputs : []
  if (pad === undefined || x === undefined || !padsItself(node) || pad.inputs.length > 3) return undefined
  const filled = fill ? storedNumber(graph, fill) : numberOf(pad, 'value', 0)
  if (textOf(pad, 'mode', 'constant') !== 'constant' || filled !== 0) return undefined
  const all = stated ? listOf(graph, stated) : numbersOf(pad, 'pads')
  const rank = (all?.length ?? 0) / 2
  const own = numbersOf(node, 'pads') ?? Array<number>(Math.max(2 * (rank - 2), 0)).fill(0)
  if (!all || own.length !== 2 * (rank - 2) || [0, 1, rank, rank + 1].some((place) => all[place] !== 0))
    return undefined
  const added = [...all.slice(2, rank), ...all.slice(rank + 2)]
  if (added.some((size) => !(size >= 0))) return undefined
  const pads = own.map((size, place) => size + added[place]!)
  return { ...node, inputs: [x, ...others], attributes: new Map([...node.attributes, ['pads', pads]]) }
}

/** A convolution whose last outputs are cut off pads its input by less, if its stride is 1. */
export function fuseCutConvolution(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [cut, ...range] = node.operator === 'Slice' ? node.inputs : []
  const conv = cut === undefined ? undefined : graph.producer(cut)
  const pads = conv?.operator === 'Conv' && padsItself(conv) ? numbersOf(conv, 'pads') : undefined
  if (conv === undefined || pads === undefined || !graph.hasOneUse(cut!)) return undefined
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, place) =>
    range[place] ? listOf(graph, range[place]) : numbersOf(node, name),
  )
  const [axis, ...others] = axes ?? []
  const isCut = starts?.join() === '0' && ends?.length === 1 && ends[0]! < 0 && (steps ?? [1]).join() === '1'
  const space = pads.length / 2
  if (!isCut || axis === undefined || others.length > 0 || axis < 2 || axis > space + 1) return undefined
  const place = space + axis - 2
  const left = pads[place]! + ends[0]!
  const stride = numbersOf(conv, 'strides')?.[axis - 2] ?? 1
  if (left < 0 || stride !== 1) return undefined
  return {
    ...conv,
    outputs: node.outputs,
    attributes: new Map([...conv.attributes, ['pads', pads.with(place, left)]]),
  }
}

/** A mean of means over equally many numbers is a mean of all of them: `x.mean(3).mean(2)`. */
export function fuseMeans(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const inner = node.operator === 'ReduceMean' ? graph.producer(node.inputs[0] ?? '') : undefined
  if (inner?.operator !== 'ReduceMean' || !graph.hasOneUse(node.inputs[0]!)) return undefined
  const [own, before] = [node, inner].map(({ outputs }) => reducedAxes(graph, outputs[0]))
  const [keeps, kept] = [node, inner].map((one) => numberOf(one, 'keepdims', 1) === 1)
  if (!own?.length || !before?.length || keeps !== kept || [...own, ...before].some((axis) => axis < 0))
    return undefined
  // Without the axes that the first mean removes, the others have lower numbers.
  const restore = (axis: number) =>
    before.toSorted((a, b) => a - b).reduce((at, gone) => (gone <= at ? at + 1 : at), axis)
  const axes = [...before, ...own.map((axis) => (kept === true ? axis : restore(axis)))]
  if (new Set(axes).size !== axes.length) return undefined
  return { ...node, inputs: [inner.inputs[0]!], attributes: new Map([...node.attributes, ['axes', axes]]) }
}

function padsItself(conv: OnnxNode): boolean {
  return textOf(conv, 'auto_pad', 'NOTSET') === 'NOTSET'
}

function listOf(graph: OnnxGraph, tensor: string): readonly number[] | undefined {
  const stored = graph.readableConstant(tensor)
  return stored && integersOf(stored)
}
