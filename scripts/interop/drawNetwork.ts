/** Builds the network of a spec with weights at random, and draws inputs for it, to compare it with other frameworks. */
import * as tf from '@tensorflow/tfjs'
import type { Analysis } from '../../src/analyze.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { isKnown } from '../../src/language/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'

const samples = 3

/** Sizes for axes that are known only at run time. A network that joins them with known ones runs with one of these only. */
const openSizes = [7, 1, 2, 3, 4, 5, 6]

export interface DrawnNetwork {
  readonly program: Program
  readonly model: tf.LayersModel
  readonly inputs: readonly tf.Tensor[]
}

export function drawNetwork({ spec, shaped }: Analysis): DrawnNetwork {
  const program = lowerGraph(spec, shaped)
  const model = buildModel(program, 3)
  drawWeights(model)
  const draw = (openSize: number) => drawInputs(program, shaped, openSize)
  const isOpen = shaped.nodes.some(({ name, shape }) => program.inputs.includes(name) && !shape.every(isKnown))
  const openSize = isOpen ? openSizes.find((size) => runsOn(model, draw(size))) : undefined
  return { program, model, inputs: draw(openSize ?? openSizes[0]!) }
}

function drawInputs(program: Program, shaped: Analysis['shaped'], openSize: number): tf.Tensor[] {
  return program.inputs.map((name, index) => {
    const { shape } = shaped.nodes.find((node) => node.name === name)!
    const sizes = [samples, ...shape.map((size) => (isKnown(size) ? size : openSize))]
    const below = wholeBelow(shaped, name)
    return below === undefined
      ? tf.randomNormal(sizes, 0, 1, 'float32', index + 1)
      : tf.randomUniform(sizes, 0, below, 'float32', index + 1).floor()
  })
}

/** Whether a network takes these inputs, which are disposed. */
function runsOn(model: tf.LayersModel, inputs: tf.Tensor[]): boolean {
  try {
    tf.dispose(model.predict(inputs))
    return true
  } catch {
    return false
  } finally {
    tf.dispose(inputs)
  }
}

/** Draws weights that keep the size of activations, so that no output is trivial; variances are positive. */
function drawWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    for (const layer of model.layers) {
      const drawn = layer.weights.map(({ shape, originalName }, index) => {
        const fan = (shape as number[]).slice(0, -1).reduce((product, size) => product * size, 1)
        const values = tf.randomNormal(shape as number[], 0, Math.min(0.4, 1 / Math.sqrt(fan)), 'float32', index + 1)
        return /variance/i.test(originalName) ? values.abs().add(0.5) : values
      })
      layer.setWeights(drawn)
    }
  })
}

/** The number below which the values of an input are whole, if an embedding or an encoding reads it. */
function wholeBelow({ nodes }: Analysis['shaped'], input: string): number | undefined {
  const reached = new Set([input])
  const sizes: number[] = []
  for (const { name, inputs, layer } of nodes) {
    if (!inputs.some((one) => reached.has(one))) continue
    reached.add(name)
    const size = layer.options['inputDim'] ?? layer.options['numTokens']
    if (typeof size === 'number') sizes.push(size)
  }
  return sizes.length === 0 ? undefined : Math.min(...sizes)
}
