/** Writes what a script of another framework is compared with: its weights, inputs and outputs, and the steps of its training. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import type { PythonTargetName } from '../../src/backends/targetNames.ts'
import { compileAnalysis } from '../../src/compile.ts'
import type { Program } from '../../src/program/program.ts'
import type { Callback } from '../../src/runtime/training/callback.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { withTargetProblems } from '../../src/tasks/checkTarget.ts'
import { drawNetwork } from './drawNetwork.ts'
import type { InteropCase } from './networkCases.ts'
import { numbered, writeArrays } from './savedArrays.ts'
import { scriptTargets, type LayerWeights } from './scriptTargets.ts'

/**
 * Writes the script, `weights` with `inputs.npz` and `outputs.npz`, and for a training `initial` weights and `states.npz`.
 * If the script loads trained weights, `loaded.npz` has what `weights` become by them.
 *
 * @returns The reason why the target has no form for the spec, if it has none.
 */
export async function writeCase(
  { analysis, trains }: InteropCase,
  target: PythonTargetName,
  folder: string,
): Promise<string | undefined> {
  const { diagnostics } = await withTargetProblems(analysis, target)
  const problem = diagnostics.find(({ severity }) => severity === 'error')
  if (problem !== undefined) return problem.message
  const [script] = await compileAnalysis(analysis, { target, backend: 'auto' })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'script.py'), script!.content)

  const { ending, encode, weightsOf, factsOf } = scriptTargets[target]
  const { program, model, inputs } = drawNetwork(analysis)
  const write = async (name: string, weights: LayerWeights) =>
    writeFileSync(
      join(folder, `${name}.${ending}`),
      Buffer.concat(await encode(weightsOf(weights, analysis, program), '')),
    )
  const drawn = readWeights(model)
  await write('weights', drawn)
  const outputs = [model.predict([...inputs])].flat()
  await writeArrays(join(folder, 'inputs.npz'), numbered(inputs))
  await writeArrays(join(folder, 'outputs.npz'), numbered(outputs))
  tf.dispose([...inputs, ...outputs])
  model.dispose()

  const training = trains ? await recordTraining(program) : undefined
  if (training !== undefined) {
    await write('initial', training.states[0]!)
    const states = training.states.flatMap((weights, step) =>
      weightsOf(weights, analysis, program).map((array) => ({ ...array, name: `${step}/${array.name}` })),
    )
    await writeArrays(join(folder, 'states.npz'), states)
    const pretrained = new Set(program.experiment?.weights?.layers)
    const loaded = [...drawn].map(
      ([layer, weights]) => [layer, pretrained.has(layer) ? training.states[0]!.get(layer)! : weights] as const,
    )
    if (pretrained.size > 0)
      await writeArrays(join(folder, 'loaded.npz'), weightsOf(new Map(loaded), analysis, program))
  }
  const facts = { weights: `weights.${ending}`, initial: `initial.${ending}`, logs: training?.logs }
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ ...facts, ...factsOf?.(analysis, program) }))
  return undefined
}

interface RecordedTraining {
  /** The weights before each step, and after training. */
  readonly states: readonly LayerWeights[]
  /** The loss and metrics of each epoch. */
  readonly logs: readonly object[]
}

async function recordTraining(program: Program): Promise<RecordedTraining> {
  const states: LayerWeights[] = []
  const recorder: Callback = { name: 'recorder', onStepBegin: ({ model }) => states.push(readWeights(model)) }
  const experiment = interpretProgram(program)
  const recorded = { ...experiment, createCallbacks: () => [...(experiment.createCallbacks?.() ?? []), recorder] }
  const { model, history } = await trainExperiment(recorded, { training: { threads: 1 } })
  states.push(readWeights(model))
  model.dispose()
  return {
    states,
    logs: history.map(({ epoch: _epoch, seconds: _seconds, imagesPerSecond: _speed, ...logs }) => logs),
  }
}

function readWeights(model: tf.LayersModel): LayerWeights {
  const read = (weight: tf.Tensor) => ({ shape: weight.shape, values: Float32Array.from(weight.dataSync()) })
  return new Map(model.layers.map((layer) => [layer.name, layer.getWeights().map(read)]))
}
