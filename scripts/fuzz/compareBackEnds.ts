/** Compares the interpreter with the script for `shapewright/train` on random experiments: weights, metrics and predictions must be bit-identical. */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { createEmitter, type Emitter } from '../../src/backends/typescript/emit.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { inputsInMemory, type DatasetSplits, type Samples } from '../../src/runtime/data/samples.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { createRandom } from '../../src/script/random.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { trainExperiment, type TrainingResult } from '../../src/runtime/training/trainingLoop.ts'
import { parityFaults } from './parityFaults.ts'
import { drawExperiment, type RandomExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'

export const parityEngines = ['wasm', 'node'] as const
export type ParityEngine = (typeof parityEngines)[number]

export interface ParityFinding {
  readonly index: number
  readonly engine: ParityEngine
  readonly text: string
  readonly interpreted: string
  readonly compiled: string
}

export interface ParityFailure {
  readonly index: number
  readonly engine: ParityEngine
  readonly text: string
  readonly message: string
}

export interface ParityRun {
  /** The number of specs trained both ways, by engine; an engine that does not work here is absent. */
  readonly specs: ReadonlyMap<ParityEngine, number>
  /** Unexplained runs that failed both ways with the same message: the checker should have refused their specs. */
  readonly failures: readonly ParityFailure[]
  /** The number of runs that failed both ways for a reason in `parityFaults`. */
  readonly explained: ReadonlyMap<string, number>
  readonly layerTypes: ReadonlySet<string>
  /** Why an engine is absent. */
  readonly absent: ReadonlyMap<ParityEngine, string>
  readonly findings: readonly ParityFinding[]
}

export async function compareBackEnds(
  count: number,
  seed: number,
  until: () => boolean = () => false,
  engines: readonly ParityEngine[] = parityEngines,
): Promise<ParityRun> {
  // In the repository, where scripts find the packages; git ignores it.
  const folder = mkdtempSync(fileURLToPath(new URL('../../test/backends/.scripts-', import.meta.url)))
  const emitter = createEmitter()
  const specs = new Map<ParityEngine, number>()
  const failures: ParityFailure[] = []
  const explained = new Map<string, number>()
  const absent = new Map<ParityEngine, string>()
  const layerTypes = new Set<string>()
  const findings: ParityFinding[] = []
  try {
    for (let index = 0; index < count && !until(); index += 1) {
      const drawn = drawExperiment(seedOfCase(seed, index))
      for (const layer of drawn.program.layers) if ('call' in layer) layerTypes.add(layer.call.callee)
      for (const engine of engines) {
        if (absent.has(engine)) continue
        const problem = await tryEngine(engine)
        if (problem !== undefined) {
          absent.set(engine, problem)
          continue
        }
        const script = join(folder, `${engine}${index}.ts`)
        await compile(emitter, drawn, engine, script)
        const data = noiseOf(drawn.sampleShape)
        const { experiment } = (await import(pathToFileURL(script).href)) as Script
        const interpreted = await outcomeOf(data, () => trainExperiment(interpretProgram(drawn.program), { data }))
        const compiled = await outcomeOf(data, () => trainExperiment(experiment, { data }))
        specs.set(engine, (specs.get(engine) ?? 0) + 1)
        const { text } = drawn
        if (interpreted !== compiled) findings.push({ index, engine, text, interpreted, compiled })
        else if (compiled.startsWith('Error')) {
          const fault = parityFaults.find(({ explains }) => explains(compiled, drawn))
          if (fault) explained.set(fault.reason, (explained.get(fault.reason) ?? 0) + 1)
          else failures.push({ index, engine, text, message: compiled })
        }
      }
    }
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true })
  }
  return { specs, failures, explained, layerTypes, absent, findings }
}

interface Script {
  readonly experiment: Experiment
}

/** Starts an engine; returns why it does not work here. */
export async function tryEngine(engine: ParityEngine): Promise<string | undefined> {
  try {
    await startEngine(engine)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function compile(emitter: Emitter, drawn: RandomExperiment, backend: ParityEngine, path: string): Promise<void> {
  const options = {
    backend,
    runtime: 'package',
    specFile: 'random.yaml',
    specText: drawn.text,
    version: '0.0.0',
  } as const
  const { text } = await emitter.emitProgram(drawn.program, options)
  writeFileSync(path, text)
}

/** Returns all results of a run as a text, in which a difference is visible, or the error with which it failed. */
async function outcomeOf(data: DatasetSplits, run: () => Promise<TrainingResult>): Promise<string> {
  const began = tf.memory().numTensors
  try {
    const { model, history, steps } = await run()
    const predictions = tf.tidy(() => {
      const { sampleShape, scale, count } = data.test!
      const batch = tf.mul(tf.tensor(Float32Array.from(inputsInMemory(data.test!)), [count, ...sampleShape]), scale)
      return bitsOf([model.predict(batch)].flat())
    })
    const weights = bitsOf(model.getWeights())
    model.dispose()
    const logs = history.map((epoch) => ({ ...epoch, seconds: 0, imagesPerSecond: 0 }))
    const leaked = tf.memory().numTensors - began
    return JSON.stringify({ weights, predictions, logs, steps, leaked })
  } catch (error) {
    return `Error: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Returns the SHA-256 of the bits of the values. */
function bitsOf(tensors: readonly tf.Tensor[]): string {
  const hash = createHash('sha256')
  for (const tensor of tensors) hash.update(new Uint8Array(Float32Array.from(tensor.dataSync()).buffer))
  return hash.digest('hex')
}

/** Draws 20 training samples and 8 test samples of ten classes. */
export function noiseOf(sampleShape: readonly number[]): DatasetSplits {
  const noise = (count: number, seed: number): Samples => {
    const random = createRandom(seed)
    const size = sampleShape.reduce((product, length) => product * length, count)
    const inputs = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
    const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
    return { inputs, sampleShape, scale: 1 / 255, labels, count, classes: 10 }
  }
  return { train: noise(20, 1), test: noise(8, 2), classNames: [...'0123456789'] }
}
