/** Runs a network that the engine built on one random batch. */
import * as tf from '@tensorflow/tfjs'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import { messageOf } from './difference.ts'

/** Draws a batch of `samples` samples for each input, with `openSize` for open sizes. */
export function randomBatch(model: tf.LayersModel, openSize: number, samples: number): tf.Tensor[] {
  return model.inputs.map(({ shape }) =>
    tf.randomUniform([samples, ...shape.slice(1).map((size) => size ?? openSize)], 0, 1, 'float32', 1),
  )
}

/** Returns all outputs of the network, computed by the engine's own executor. */
export function runAtOnce(model: tf.LayersModel, inputs: readonly tf.Tensor[], training: boolean): tf.Tensor[] {
  return [model.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training })].flat() as tf.Tensor[]
}

/** Runs `tf.tidy` around a function that returns plain data. */
export function tidily<T>(act: () => T): T {
  let result: { readonly value: T } | undefined
  tf.tidy(() => {
    result = { value: act() }
  })
  return result!.value
}

export interface Stop {
  readonly node: ShapedNode
  readonly message: string
}

/** Runs layer by layer without masks. Returns the outputs in the order of the layers, or the layer that throws. */
export function runWithoutMasks(
  model: tf.LayersModel,
  nodes: readonly ShapedNode[],
  inputs: readonly tf.Tensor[],
  training: boolean,
): tf.Tensor[] | Stop {
  const values = new Map<string, tf.Tensor>()
  const [fed, layers] = [true, false].map((isInput) =>
    nodes.filter(({ layer }) => (layer.type === 'input') === isInput),
  )
  for (const [index, { name }] of fed!.entries()) values.set(name, inputs[index]!)
  const outputs: tf.Tensor[] = []
  for (const node of layers!) {
    const given = node.inputs.map((name) => values.get(name)!)
    try {
      const output = [model.getLayer(node.applies ?? node.name).apply(given, { training })].flat()[0] as tf.Tensor
      outputs.push(output)
      values.set(node.name, output)
    } catch (error) {
      return { node, message: messageOf(error) }
    }
  }
  return outputs
}

/** Finds the first layer such that the engine's own executor runs the network without it and all layers after it. */
export function firstThatThrows(
  model: tf.LayersModel,
  layers: readonly ShapedNode[],
  inputs: readonly tf.Tensor[],
  training: boolean,
): Stop | undefined {
  let [least, most] = [1, layers.length]
  let message = ''
  while (least <= most) {
    const count = Math.floor((least + most) / 2)
    try {
      runAtOnce(tf.model({ inputs: model.inputs, outputs: model.outputs.slice(0, count) }), inputs, training)
      least = count + 1
    } catch (error) {
      message = messageOf(error)
      most = count - 1
    }
  }
  const node = layers[least - 1]
  return node && { node, message }
}
