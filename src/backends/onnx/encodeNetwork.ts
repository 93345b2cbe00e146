/** Writes a trained network as an ONNX file: a graph with the batch as a size of its own, and the weights inside. */
import type * as tf from '@tensorflow/tfjs'
import type { Program, ProgramLayer } from '../../program/program.ts'
import { describeMetadata, type ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { encodeOnnx, type GraphValue } from './encodeModel.ts'
import { GraphBuilder, type Size, type Value } from './graphBuilder.ts'
import { inexpressible, weightsOf, type LayerForm, type UnreadLayer } from './layerForm.ts'
import { activationLayers } from './layers/activations.ts'
import { windowLayers } from './layers/convolutions.ts'
import { denseLayers } from './layers/dense.ts'
import { mergeLayers } from './layers/merges.ts'
import { recurrentLayers, timeDistributed } from './layers/recurrent.ts'
import { shapeLayers } from './layers/shapes.ts'

/** The forms of all layers, by the names of their classes. */
const forms: Readonly<Record<string, LayerForm>> = {
  ...activationLayers,
  ...windowLayers,
  ...denseLayers,
  ...mergeLayers,
  ...recurrentLayers,
  ...shapeLayers,
  TimeDistributed: timeDistributed(applyLayer),
}

/**
 * Encodes a network with the weights of `model`.
 *
 * @param metadata The classes and the preprocessing that the saved model states, if it does.
 * @throws KnownError if ONNX cannot express a layer.
 */
export function encodeNetwork(
  program: Program,
  model: tf.LayersModel,
  metadata: ModelMetadata | undefined,
  version: string,
): Buffer {
  const graph = new GraphBuilder()
  for (const name of [...program.inputs, ...program.outputs]) graph.reserve(name)
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]))
  const values = new Map<string, Value>()
  const inputs: GraphValue[] = []
  for (const node of program.layers) {
    const layer = layers.get('applies' in node ? node.applies : node.name)
    if (!node.isUsed || (!layer && !isInput(node))) continue
    graph.enter(node.name)
    if (isInput(node)) {
      const shape = inputShapeOf(model, node.name)
      inputs.push({
        name: node.name,
        shape: ['batch', ...shape.map((size, axis) => size ?? `${node.name}_${axis + 1}`)],
      })
      values.set(node.name, { shape, plain: node.name })
      continue
    }
    const given = node.inputs.map((input) => values.get(input)!)
    values.set(node.name, applyLayer({ graph, layer: layer!, inputs: given, shape: shapeAfter(layer!, given) }))
  }
  const outputs = program.outputs.map((name) => {
    graph.enter(name)
    const value = values.get(name)!
    graph.addNamed('Identity', [graph.plain(value)], name)
    return { name, shape: ['batch', ...value.shape.map((size, axis) => size ?? `${name}_${axis + 1}`)] }
  })
  const { nodes } = graph
  // A layer may store an array before it is known whether a node takes it.
  const taken = new Set(nodes.flatMap((node) => node.inputs))
  const initializers = graph.initializers.filter((array) => taken.has(array.name))
  const name = program.name
  return encodeOnnx({ name, nodes, initializers, inputs, outputs, metadata: describeMetadata(metadata) }, version)
}

function isInput(node: ProgramLayer): boolean {
  return 'call' in node && node.call.callee === 'tf.input'
}

function inputShapeOf(model: tf.LayersModel, name: string): readonly Size[] {
  return model.inputs.find((input) => input.sourceLayer.name === name)!.shape.slice(1)
}

function shapeAfter(layer: tf.layers.Layer, inputs: readonly Value[]): readonly Size[] {
  const shapes = inputs.map(({ shape }) => [null, ...shape])
  const [shape] = [layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes)] as [Size[] | Size[][]]
  return (Array.isArray(shape[0]) ? shape[0] : (shape as Size[])).slice(1)
}

/** The layers that pass the mask of their input on; others drop it, unless they state one. */
const passingMasks: ReadonlySet<string> = new Set(
  'Activation AlphaDropout BatchNormalization Dense Dropout GaussianDropout GaussianNoise LayerNormalization PReLU ReLU SpatialDropout1D'.split(
    ' ',
  ),
)

function applyLayer(applied: UnreadLayer): Value {
  const { layer, inputs } = applied
  const [input] = inputs as readonly [Value, ...Value[]]
  const form = forms[layer.getClassName()]
  if (!form) throw inexpressible(`a layer of type ${layer.getClassName()}`, layer)
  const value = form({ ...applied, input, options: layer.getConfig(), weights: weightsOf(layer) })
  const mask = passingMasks.has(layer.getClassName()) ? input.mask : value === input ? undefined : value.mask
  const { mask: _stated, ...unmasked } = value
  return mask === undefined ? unmasked : { ...unmasked, mask }
}
