/**
 * Recurrent layers computed step by step, for what the operators LSTM, GRU and RNN cannot express: masks, stacks of cells,
 * other activations, and convolutional cells.
 */
import * as tf from '@tensorflow/tfjs'
import {
  changeWeight,
  inexpressible,
  permute,
  scalar,
  store,
  weightsOf,
  type AppliedLayer,
  type Weight,
} from '../layerForm.ts'
import type { GraphBuilder, Size } from '../graphBuilder.ts'
import { dataTypes } from '../encodeModel.ts'
import { activateTensor } from './activations.ts'
import { convolve, slide, spaceOf, windowOf } from './convolutions.ts'

/** Takes one step: from the input and the states to the new states. The first state is also the output. */
type Step = (input: string, states: readonly string[]) => readonly string[]

interface Cell {
  readonly step: Step
  readonly sizes: readonly number[]
}

/** Returns the outputs of all steps, in the order in which they are computed. */
export function runSteps(
  { graph, layer, options, input }: Pick<AppliedLayer, 'graph' | 'layer' | 'options' | 'input'>,
  cells: readonly tf.layers.Layer[],
): string[] {
  const { mask, shape } = input
  const x = graph.plain(input)
  const stack = cells.map((cell) => cellOf(graph, cell))
  let states = stack.map(({ sizes }) => sizes.map((size) => zeros(graph, x, size)))
  return stepsOf(shape, options, layer).map((step) => {
    let value = at(graph, x, step)
    const next = stack.map((cell, index) => {
      const found = cell.step(value, states[index]!)
      value = found[0]!
      return found
    })
    states = mask === undefined ? next.map((one) => [...one]) : keepMasked(graph, states, next, at(graph, mask, step))
    return states.at(-1)![0]!
  })
}

/** The numbers of the steps in the order in which a layer takes them. */
function stepsOf(shape: readonly Size[], options: AppliedLayer['options'], layer: tf.layers.Layer): number[] {
  const [count] = shape
  if (count == null) throw inexpressible('steps whose number is known only at run time', layer)
  const steps = Array.from({ length: count }, (_, step) => step)
  return options['goBackwards'] === true ? steps.toReversed() : steps
}

function at(graph: GraphBuilder, sequence: string, step: number): string {
  return graph.add('Gather', [sequence, graph.integers([step], [])], { axis: 1 })
}

/** Zeros [batch, size], with the batch of x. */
function zeros(graph: GraphBuilder, x: string, size: number): string {
  const sizes = graph.add('Concat', [graph.sizes(x, 0, 1), graph.integers([size])], { axis: 0 })
  return graph.add('ConstantOfShape', [sizes])
}

/** Keeps the states of samples whose step is masked. */
function keepMasked(
  graph: GraphBuilder,
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
  mask: string,
): string[][] {
  const isKept = graph.add('Cast', [graph.add('Unsqueeze', [mask, graph.integers([1])])], { to: dataTypes.bool })
  return after.map((states, cell) =>
    states.map((state, index) => graph.add('Where', [isKept, state, before[cell]![index]!])),
  )
}

/** The steps of a cell, by its class. */
function cellOf(graph: GraphBuilder, layer: tf.layers.Layer): Cell {
  const type = layer.getClassName().replace(/Cell$/, '')
  const options = layer.getConfig()
  const weights = weightsOf(layer)
  const units = options['units'] as number
  const [kernel, recurrentKernel] = weights.slice(0, 2).map((weight) => store(graph, weight)) as [string, string]
  const bias = weights[2]
  const activate = (option: string, x: string) => activateTensor(graph, options[option] as string, x, layer)
  const add = (...given: string[]) => given.reduce((sum, one) => graph.add('Add', [sum, one]))
  const multiply = (a: string, b: string) => graph.add('Mul', [a, b])
  const product = (x: string, by: string) => graph.add('MatMul', [x, by])
  const split = (x: string, count: number) => graph.addSeveral('Split', [x], { axis: 1 }, count)
  const resetAfter = options['resetAfter'] === true
  const ofInput = bias && store(graph, resetAfter ? rowOf(bias, 0) : bias)
  const input = (x: string) => (ofInput ? add(product(x, kernel), ofInput) : product(x, kernel))

  if (type === 'SimpleRNN') {
    const step: Step = (x, [h]) => [activate('activation', add(input(x), product(h!, recurrentKernel)))]
    return { step, sizes: [units] }
  }
  if (type === 'LSTM') {
    const step: Step = (x, [h, c]) => {
      const [i, f, g, o] = split(add(input(x), product(h!, recurrentKernel)), 4) as [string, string, string, string]
      const kept = multiply(activate('recurrentActivation', f), c!)
      const cell = add(kept, multiply(activate('recurrentActivation', i), activate('activation', g)))
      return [multiply(activate('recurrentActivation', o), activate('activation', cell)), cell]
    }
    return { step, sizes: [units, units] }
  }
  const ofState = resetAfter && bias && store(graph, rowOf(bias, 1))
  const [ofGates, ofProposed] = [
    [0, 2 * units],
    [2 * units, 3 * units],
  ].map(([from, until]) => store(graph, columnsOf(weights[1]!, from!, until!))) as [string, string]
  const step: Step = (x, [h]) => {
    const [z, r, p] = split(input(x), 3) as [string, string, string]
    const products = resetAfter ? product(h!, recurrentKernel) : product(h!, ofGates)
    const [hz, hr, hp] = split(ofState ? add(products, ofState) : products, resetAfter ? 3 : 2)
    const update = activate('recurrentActivation', add(z, hz!))
    const reset = activate('recurrentActivation', add(r, hr!))
    const past = hp === undefined ? product(multiply(reset, h!), ofProposed) : multiply(reset, hp)
    const proposed = activate('activation', add(p, past))
    const change = multiply(graph.add('Sub', [scalar(graph, 1), update]), proposed)
    return [add(multiply(update, h!), change)]
  }
  return { step, sizes: [units] }
}

/** Returns one of the two biases of a GRU that resets after its product. */
function rowOf(bias: Weight, row: number): Weight {
  return changeWeight(bias, (tensor) => tf.squeeze(tf.slice(tensor, [row], [1]), [0]))
}

function columnsOf(kernel: Weight, from: number, until: number): Weight {
  return changeWeight(kernel, (tensor) => tf.slice(tensor, [0, from], [-1, until - from]))
}

/** Returns the outputs of all steps of a convolutional LSTM, with the channels directly after the batch. */
export function runConvolutionalSteps(applied: AppliedLayer): string[] {
  const { graph, layer, options, input, weights } = applied
  const { mask, shape } = input
  if (mask !== undefined) throw inexpressible('a mask of images', layer)
  const [kernel, recurrentKernel, bias] = weights as [Weight, Weight, Weight?]
  const [turned, again] = [kernel, recurrentKernel].map((weight) => permute(weight, [3, 2, 0, 1])) as [Weight, Weight]
  const sizes = kernel.shape.slice(0, 2)
  const space = spaceOf(shape.slice(1), applied)
  const attributes = slide(windowOf(options, sizes), space)
  const recurrent = slide({ sizes, strides: [1, 1], dilations: [1, 1], padding: 'same' }, [null, null])
  const activate = (option: string, x: string) => activateTensor(graph, options[option] as string, x, layer)
  const isFirst = options['dataFormat'] === 'channelsFirst'
  const x = graph.plain(input)
  let [h, c]: (string | undefined)[] = []
  return stepsOf(shape, options, layer).map((step) => {
    const image = at(graph, x, step)
    const given = isFirst ? image : graph.add('Transpose', [image], { perm: [0, 3, 1, 2] })
    const ofInput = convolve(graph, given, turned, bias, attributes)
    const sums =
      h === undefined ? ofInput : graph.add('Add', [ofInput, convolve(graph, h, again, undefined, recurrent)])
    const [i, f, g, o] = graph.addSeveral('Split', [sums], { axis: 1 }, 4) as [string, string, string, string]
    const added = graph.add('Mul', [activate('recurrentActivation', i), activate('activation', g)])
    const kept = c && graph.add('Mul', [activate('recurrentActivation', f), c])
    c = kept === undefined ? added : graph.add('Add', [kept, added])
    h = graph.add('Mul', [activate('recurrentActivation', o), activate('activation', c)])
    return h
  })
}

/** Returns the outputs of steps as one tensor, [batch, steps, …]. */
export function stackSteps(graph: GraphBuilder, steps: readonly string[]): string {
  const raised = steps.map((step) => graph.add('Unsqueeze', [step, graph.integers([1])]))
  return graph.add('Concat', raised, { axis: 1 })
}
