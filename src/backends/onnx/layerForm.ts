/** What the ONNX form of a layer is given, and helpers that many layers share. */
import * as tf from '@tensorflow/tfjs'
import { sampleAxis } from '../../language/axes.ts'
import { KnownError } from '../../system/knownError.ts'
import type { GraphBuilder, Size, Value } from './graphBuilder.ts'

/** A layer where it is applied. */
export interface AppliedLayer {
  readonly graph: GraphBuilder
  readonly layer: tf.layers.Layer
  /** The options of the layer, all of them stated. */
  readonly options: Readonly<Record<string, unknown>>
  /** The weights in the order of `getWeights`. */
  readonly weights: readonly Weight[]
  /** The only input, or the first of those of a merge. */
  readonly input: Value
  readonly inputs: readonly Value[]
  /** The shape of the output without the batch. */
  readonly shape: readonly Size[]
}

/** An applied layer before its options and weights are read. */
export type UnreadLayer = Omit<AppliedLayer, 'input' | 'options' | 'weights'>

export interface Weight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Adds the nodes of a layer, and returns its output. */
export type LayerForm = (applied: AppliedLayer) => Value

export function weightsOf(layer: tf.layers.Layer): Weight[] {
  return layer.getWeights().map((weight) => ({ shape: weight.shape, values: weight.dataSync() as Float32Array }))
}

/** The error for what ONNX cannot express. */
export function inexpressible(what: string, layer: tf.layers.Layer): KnownError {
  return new KnownError(
    'export',
    `ONNX cannot express ${what}, which the layer ${layer.name} has.`,
    'Export with `--format tfjs` or `--format keras`, or change the layer in the spec.',
  )
}

/** Returns a weight as an operation of TensorFlow.js changes it. */
export function changeWeight({ shape, values }: Weight, operation: (weight: tf.Tensor) => tf.Tensor): Weight {
  return tf.tidy(() => {
    const changed = operation(tf.tensor(values, [...shape]))
    return { shape: changed.shape, values: changed.dataSync() as Float32Array }
  })
}

export function permute(weight: Weight, order: readonly number[]): Weight {
  return changeWeight(weight, (tensor) => tf.transpose(tensor, [...order]))
}

export function store(graph: GraphBuilder, { shape, values }: Weight): string {
  return graph.floats(values, shape)
}

/** Returns the axis of a tensor, whose first axis is the batch, for an axis of a layer. */
export function axisOf(axis: number, rank: number): number {
  return sampleAxis(axis, rank)! + 1
}

/** One number as a tensor. */
export function scalar(graph: GraphBuilder, value: number): string {
  return graph.floats([value], [])
}
