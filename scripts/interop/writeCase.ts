/** Writes what a Python script is compared with: the script, weights, inputs with outputs, and batches with the weights after each. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { TargetName } from '../../src/backends/targetNames.ts'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { compileAnalysis } from '../../src/compile.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { withTargetProblems } from '../../src/tasks/checkTarget.ts'
import type { NamedArray } from '../../src/tasks/export/npz.ts'
import type { DatasetSplits } from '../../src/runtime/data/samples.ts'
import { balancedWeights } from '../../src/script/classWeights.ts'
import { traceTraining, type TracedState } from '../fuzz/traceTraining.ts'
import type { InteropCase } from './interopCases.ts'
import { arrayOf, weightsOf, writeArrays } from './savedArrays.ts'

/** The number of steps that are compared. */
const steps = 3

/** @returns The reason why the target has no form for the spec, if it has none. */
export async function writeCase(one: InteropCase, target: TargetName, folder: string): Promise<string | undefined> {
  const { analysis, trains } = one
  const { diagnostics } = await withTargetProblems(analysis, target)
  if (hasErrors(diagnostics)) return diagnostics.find(({ severity }) => severity === 'error')!.message
  const [script] = await compileAnalysis(analysis, { target, backend: 'auto' })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'script.py'), script!.content)
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const model = buildModel(program, 3)
  try {
    drawWeights(model)
    await writeArrays(join(folder, 'weights.npz'), weightsOf(model))
    const inputs = model.inputs.map(({ shape }, index) => drawInput(shape, index, wholeBelow(one)))
    const outputs = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat()
    await writeArrays(join(folder, 'inputs.npz'), numbered(inputs))
    await writeArrays(join(folder, 'outputs.npz'), numbered(outputs))
    if (trains) await writeSteps(one, model, folder)
    return undefined
  } finally {
    model.dispose()
  }
}

/** Random weights, so that no output is trivial; variances are positive. */
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

/** The number below which inputs are whole, for networks that begin with an embedding. */
function wholeBelow({ analysis: { shaped } }: InteropCase): number | undefined {
  const sizes = shaped.nodes.flatMap(({ layer }) => layer.options['inputDim'] ?? layer.options['numTokens'] ?? [])
  return sizes.length === 0 ? undefined : Math.min(...(sizes as number[]))
}

function drawInput(shape: tf.Shape, index: number, below: number | undefined): tf.Tensor {
  const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 2 : 9))
  const drawn = tf.randomUniform(sizes, 0, below ?? 1, 'float32', index + 1)
  return below === undefined ? drawn : tf.floor(drawn)
}

function numbered(tensors: readonly tf.Tensor[]): NamedArray[] {
  return tensors.map((tensor, index) => arrayOf(String(index), tensor))
}

/** Trains from the initial weights of the spec, and writes them, the batches and the weights after each step. */
async function writeSteps({ analysis }: InteropCase, model: tf.LayersModel, folder: string): Promise<void> {
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const experiment = interpretProgram(program)
  const data = await experiment.loadData()
  const trace = await traceTraining(experiment, { data, epochs: 2, steps })
  if (trace.failure !== undefined) throw new Error(trace.failure)
  const named = orderOfWeights(model)
  const states = trace.states.flatMap((state, step) => namedState(state, step, named))
  const [input] = model.inputs
  const batches = trace.steps.flatMap(({ batches: [batch] }, step): NamedArray[] => [
    {
      name: `inputs/${step}`,
      shape: [batch!.count, ...(input!.shape.slice(1) as number[])],
      values: batch!.inputs as Float32Array,
    },
    { name: `labels/${step}`, shape: [batch!.count], values: batch!.labels as Float32Array | Int32Array },
  ])
  const losses = [
    { name: 'losses', shape: [trace.steps.length], values: Float32Array.from(trace.steps, ({ loss }) => loss) },
  ]
  const { learningRate, weights } = program.experiment!
  await writeClassWeights(analysis.spec.training.classWeights, data, folder)
  writeFileSync(
    join(folder, 'steps.json'),
    JSON.stringify({
      learningRate,
      steps: trace.steps.length,
      weighted: analysis.spec.training.classWeights !== undefined,
      ...(weights && { pretrained: weights.layers.map((name) => name.replaceAll('/', '_')) }),
    }),
  )
  await writeArrays(join(folder, 'steps.npz'), [...states, ...batches, ...losses])
}

async function writeClassWeights(
  stated: 'balanced' | Readonly<Record<string, number>> | undefined,
  { train }: DatasetSplits,
  folder: string,
): Promise<void> {
  if (stated === undefined) return
  const labels = Array.from({ length: train.count }, (_one, index) => train.labels[index]!)
  const classes = Math.max(...labels) + 1
  const weights =
    stated === 'balanced'
      ? balancedWeights(labels, classes)
      : Array.from({ length: classes }, (_one, label) => stated[label] ?? 1)
  writeFileSync(join(folder, 'class-weights.json'), JSON.stringify(weights))
}

interface NamedWeight {
  readonly name: string
  readonly shape: readonly number[]
  /** Its place among the weights of the model, the trainable ones first. */
  readonly place: number
}

function orderOfWeights(model: tf.LayersModel): NamedWeight[] {
  const places = new Map(model.weights.map((weight, place) => [weight, place]))
  return model.layers.flatMap((layer) =>
    layer.weights.map((weight, index) => ({
      name: `${layer.name.replaceAll('/', '_')}/${index}`,
      shape: weight.shape as number[],
      place: places.get(weight)!,
    })),
  )
}

function namedState({ weights }: TracedState, step: number, named: readonly NamedWeight[]): NamedArray[] {
  return named.map(({ name, shape, place }) => ({
    name: `weights/${step}/${name}`,
    shape,
    values: weights[place]! as Float32Array,
  }))
}

/** Whether layers of a network draw random numbers in training. */
export function drawsNoise({ analysis: { shaped } }: InteropCase): boolean {
  return shaped.nodes.some(({ layer, applies }) => applies === undefined && layerDef(layer.type).role === 'noise')
}
