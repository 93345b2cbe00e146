/** Writes a comparison case for a script in another framework: the spec's network and training, as TensorFlow.js computes them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Analysis } from '../../src/analyze.ts'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { isKnown } from '../../src/language/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { stateDictOf } from '../../src/backends/pytorch/stateDict.ts'
import type { AnalyzedNetwork } from '../../src/backends/pythonTarget.ts'
import { encodeTorchFile } from '../../src/tasks/export/torchFile.ts'
import { arrayOf, writeArrays } from './savedArrays.ts'

export interface InteropCase {
  readonly name: string
  /** `outputs` compares what the network computes, `training` the weights and logs after training. */
  readonly kind: 'outputs' | 'training'
  readonly text: string
}

/** The size of axes that are known only at run time. */
const openSize = 7

const samples = 3

/**
 * Writes `weights.pt`, and `data.npz` with inputs and outputs.
 *
 * @returns False if TensorFlow.js cannot run the network.
 */
export async function writeOutputs(analysis: Analysis, folder: string): Promise<boolean> {
  const { model, inputs } = drawNetwork(analysis)
  try {
    const outputs = [model.predict([...inputs])].flat()
    mkdirSync(folder, { recursive: true })
    await writeState(analysis, model, join(folder, 'weights.pt'))
    await writeArrays(join(folder, 'data.npz'), [
      ...inputs.map((tensor, index) => arrayOf(`input${index}`, tensor)),
      ...outputs.map((tensor, index) => arrayOf(`output${index}`, tensor)),
    ])
    tf.dispose([...inputs, ...outputs])
    return true
  } catch {
    return false
  } finally {
    model.dispose()
  }
}

/** Builds the network of a spec with weights at random, and draws inputs for it. */
export function drawNetwork({ spec, shaped }: Analysis): {
  readonly program: Program
  readonly model: tf.LayersModel
  readonly inputs: readonly tf.Tensor[]
} {
  const program = lowerGraph(spec, shaped)
  const model = buildModel(program, 5)
  shiftStatistics(model)
  const inputs = shaped.nodes
    .filter(({ name }) => program.inputs.includes(name))
    .map(({ name, shape }, index) => {
      const sizes = [samples, ...shape.map((size) => (isKnown(size) ? size : openSize))]
      return takesNumbers(program, name)
        ? wholeNumbers(sizes, index)
        : tf.randomNormal(sizes, 0, 1, 'float32', index + 1)
    })
  return { program, model, inputs }
}

/** Writes `weights.pt` before training and `trained.pt` after it, and returns the logs of each epoch. */
export async function writeTraining(analysis: Analysis, folder: string): Promise<readonly Record<string, number>[]> {
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const before = buildModel(program, analysis.spec.training.seed)
  mkdirSync(folder, { recursive: true })
  await writeState(analysis, before, join(folder, 'weights.pt'))
  before.dispose()
  const { model, history } = await trainExperiment(interpretProgram(program))
  await writeState(analysis, model, join(folder, 'trained.pt'))
  model.dispose()
  return history.map(
    ({ epoch: _epoch, seconds: _seconds, imagesPerSecond: _speed, ...logs }) => logs as Record<string, number>,
  )
}

/** Writes the weights of a model as the state dict of its PyTorch script. */
async function writeState(network: AnalyzedNetwork, model: tf.LayersModel, file: string): Promise<void> {
  const program = lowerGraph(network.spec, network.shaped)
  const state = stateDictOf(network, program, (name) =>
    model
      .getLayer(name)
      .getWeights()
      .map((weight) => ({ shape: weight.shape, values: Float32Array.from(weight.dataSync()) })),
  )
  writeFileSync(file, Buffer.concat(await encodeTorchFile(state, '')))
}

/** Gives the weights that start as zeros or ones, such as the moving averages of batch normalization, other values. */
function shiftStatistics(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    const weights = layer.getWeights()
    const moved = weights.map((weight, index) =>
      weight.rank === 1 ? weight.add(tf.randomUniform(weight.shape, 0, 0.2, 'float32', index + 1)) : weight,
    )
    layer.setWeights(moved)
  }
}

/** Whether an input is read as whole numbers, by an embedding or an encoding anywhere after it. */
function takesNumbers({ layers }: Program, input: string): boolean {
  const reached = new Set([input])
  for (const layer of layers) {
    if (!layer.inputs.some((name) => reached.has(name))) continue
    reached.add(layer.name)
    if ('call' in layer && /embedding|categoryEncoding/.test(layer.call.callee)) return true
  }
  return false
}

function wholeNumbers(shape: number[], index: number): tf.Tensor {
  return tf.randomUniform(shape, 0, 3, 'int32', index + 1).cast('float32')
}
