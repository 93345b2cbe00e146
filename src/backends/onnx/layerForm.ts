/** What the ONNX form of a layer is given, and helpers that many layers share. */
import type * as tf from '@tensorflow/tfjs'
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
  readonly inputs: readonly Value[]
  /** The shape of the output without the batch. */
  readonly shape: readonly Size[]
}

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

/** Permutes the axes of a weight. */
export function permute({ shape, values }: Weight, order: readonly number[]): Weight {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const permuted = order.map((axis) => shape[axis]!)
  const steps = order.map((axis) => strides[axis]!)
  const out = new Float32Array(values.length)
  const place = order.map(() => 0)
  for (let index = 0; index < out.length; index++) {
    out[index] = values[place.reduce((sum, at, axis) => sum + at * steps[axis]!, 0)]!
    for (let axis = place.length - 1; axis >= 0; axis--) {
      place[axis]! += 1
      if (place[axis]! < permuted[axis]!) break
      place[axis] = 0
    }
  }
  return { shape: permuted, values: out }
}

export function store(graph: GraphBuilder, { shape, values }: Weight): string {
  return graph.floats(values, shape)
}

/** Returns an axis that counts from the end as one that counts the batch as 0. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank + 1 : axis
}

/** One number as a tensor. */
export function scalar(graph: GraphBuilder, value: number): string {
  return graph.floats([value], [])
}
