/** Builds networks from specs and from what the reader of ONNX returns, and compares what both compute. */
import * as tf from '@tensorflow/tfjs'
import { checkText, type Analysis } from '../../src/analyze.ts'
import { encodeNetwork } from '../../src/backends/onnx/encodeNetwork.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { formatShape } from '../../src/language/dims.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { readOnnx, type OnnxImport } from '../../src/tasks/import/onnx/readOnnx.ts'
import { printSpec } from '../../src/tasks/import/printSpec.ts'

export interface Built {
  readonly analysis: Analysis
  readonly program: Program
  readonly model: tf.LayersModel
}

/** Builds the network of a spec, which has no mistakes. */
export function buildSpec(text: string): Built {
  return buildAnalyzed(checkText(text, 'network.yaml'), text)
}

export function buildAnalyzed(analysis: Analysis, text = ''): Built {
  const { spec, shaped, diagnostics } = analysis
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(`${errors.map(({ message }) => message).join('; ')}\n${text}`)
  const program = lowerGraph(spec, shaped)
  return { analysis, program, model: buildModel(program, 3) }
}

/** The layers of a network as they are compared: without what only training reads, and in an order of their own. */
export function layersOf({ shaped }: Analysis): string[] {
  const ofTraining = /Initializer|Regularizer|Constraint|^momentum$/
  return shaped.nodes
    .filter(({ layer }) => layerDef(layer.type).role !== 'noise')
    .map(({ layer, shape, params }) => {
      // Around a kernel of 1, `same` adds as much as `valid`: nothing.
      const isPoint = layer.options['kernelSize'] === 1
      const options = Object.entries(layer.options).filter(
        ([key]) => !ofTraining.test(key) && !(isPoint && key === 'padding'),
      )
      const sorted = options.toSorted(([a], [b]) => (a < b ? -1 : 1))
      return `${layer.type} ${JSON.stringify(Object.fromEntries(sorted))} ${formatShape(shape)}, ${params} parameters`
    })
    .toSorted()
}

/** Draws all weights at random, so that each of them matters. */
export function drawWeights(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    const drawn = layer.weights.map(({ shape, originalName }, index) => {
      const values = tf.randomNormal(shape as number[], 0, 0.4, 'float32', index + 1)
      return /variance/i.test(originalName) ? values.abs().add(0.1) : values
    })
    layer.setWeights(drawn)
  }
}

/** Exports a network, and reads the file. */
export function importAgain({ program, model }: Pick<Built, 'program' | 'model'>): OnnxImport {
  return readOnnx(encodeNetwork(program, model, undefined, '1.0.0'), 'network.onnx')
}

/** Builds the spec that is printed for an import, with its weights. */
export function buildImported({ network }: OnnxImport): Built & { readonly text: string } {
  const { text, names } = printSpec(network)
  const built = buildSpec(text)
  for (const [name, arrays] of network.weights) {
    const layer = built.model.getLayer(names.get(name)!)
    layer.setWeights(arrays.map(({ shape, values }) => tf.tensor(values, [...shape])))
  }
  return { ...built, text }
}

/**
 * Numbers for each input of a model: fractions from 0 to 1, or whole numbers below a limit.
 *
 * @param maskValue Every value of some steps, if a layer masks these.
 */
export function drawInputs(model: tf.LayersModel, below?: number, maskValue?: number): tf.Tensor[] {
  return model.inputs.map(({ shape }, index) => {
    const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 3 : 9))
    const drawn = tf.randomUniform(sizes, 0, below ?? 1, 'float32', index + 1)
    const values = below === undefined ? drawn : drawn.floor()
    if (maskValue === undefined || sizes.length < 3) return values
    const marks = tf.randomUniform([sizes[0]!, sizes[1]!, ...sizes.slice(2).map(() => 1)], 0, 1, 'float32', index + 7)
    return tf.where(marks.less(0.4).broadcastTo(sizes), tf.fill(sizes, maskValue), values)
  })
}

/** The largest difference of the outputs, relative to those above 1; infinite if their shapes differ. */
export function compareOutputs(
  source: Built,
  { layouts }: OnnxImport,
  imported: Built,
  inputs: readonly tf.Tensor[],
): number {
  return tf.tidy(() => {
    const given = source.program.inputs.map((name, index) => {
      const axes = layouts.get(name)!
      return tf.transpose(
        inputs[index]!,
        axes.map((_axis, place) => axes.indexOf(place)),
      )
    })
    const wanted = [source.model.predict([...inputs])].flat()
    const found = [imported.model.predict(given)].flat()
    const differences = wanted.map((output, index) => {
      const other = tf.transpose(found[index]!, layouts.get(source.program.outputs[index]!) as number[])
      if (output.shape.join() !== other.shape.join()) return Number.POSITIVE_INFINITY
      return tf.max(tf.div(tf.abs(tf.sub(output, other)), tf.maximum(tf.abs(output), 1))).dataSync()[0]!
    })
    return Math.max(...differences)
  })
}
