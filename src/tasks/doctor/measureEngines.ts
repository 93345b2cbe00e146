/** Measures the engines on this machine: whether each starts, and how fast it trains. */
import * as tf from '@tensorflow/tfjs'
import { availableParallelism } from 'node:os'
import { isKnownError } from '../../system/knownError.ts'
import type { Program } from '../../program/program.ts'
import type { DatasetSplits } from '../../runtime/data/samples.ts'
import { type EngineInfo } from '../../runtime/engines/engineInfo.ts'
import { automaticEngines, startEngine } from '../../runtime/engines/startEngine.ts'
import { createRandom } from '../../script/random.ts'
import { countThreads } from '../../runtime/threads/countThreads.ts'
import { trainExperiment } from '../../runtime/training/trainingLoop.ts'
import { interpretProgram } from '../../backends/interpret/interpret.ts'

export interface EngineReport {
  readonly name: EngineInfo['name']
  readonly works: boolean
  readonly version?: string
  readonly detail?: string
  /** The number of threads that training uses by default. */
  readonly threads?: number
  /** The number of threads that `threads: auto` uses for batches of 32. */
  readonly autoThreads?: number
  /** Whether WebAssembly supports SIMD; set for wasm only. */
  readonly simd?: boolean
  /** The measured images per second in training. */
  readonly imagesPerSecond?: number
  readonly problem?: string
  /** How to make an engine work that does not. */
  readonly help?: string
}

/** Starts an engine and trains a program for MNIST on random images for about two seconds. */
export async function measureEngine(name: EngineInfo['name'], program: Program): Promise<EngineReport> {
  try {
    const engine = await startEngine(name)
    // These take seconds for a few images.
    const isSlow = name === 'cpu' || engine.isSoftware === true
    const size = isSlow ? { batchSize: 2, batches: 1 } : { batchSize: 32, batches: 8 }
    const imagesPerSecond = await measureRate(program, { sampleShape: [28, 28, 1], ...size, seconds: 2 })
    const { version, detail } = engine
    return { name, works: true, version, detail, ...(await describeThreads(name)), imagesPerSecond }
  } catch (error) {
    if (!isKnownError(error, 'engine')) throw error
    return { name, works: false, problem: error.message, help: error.help }
  }
}

/** The engine that `auto` would start. */
export function engineOfAuto(reports: readonly EngineReport[]): EngineInfo['name'] | undefined {
  return automaticEngines.find((engine) => reports.some(({ name, works }) => name === engine && works))
}

async function describeThreads(
  name: EngineInfo['name'],
): Promise<Pick<EngineReport, 'threads' | 'autoThreads' | 'simd'>> {
  // TensorFlow starts a thread for each core by itself.
  if (name === 'node') return { threads: availableParallelism(), autoThreads: availableParallelism() }
  if (name === 'cpu' || name === 'webgpu') return { threads: 1, autoThreads: 1 }
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean
  return { threads: 1, autoThreads: countThreads({ threads: 'auto', batchSize: 32 }), simd }
}

/** The conditions of a measurement. */
export interface RateRequest {
  readonly sampleShape: readonly number[]
  readonly batchSize: number
  /** The number of batches in an epoch. */
  readonly batches: number
  readonly seconds: number
}

/**
 * Measures the images per second in training on random images: whole epochs of a few batches until the time is over. The
 * first epoch warms up and does not count.
 */
async function measureRate(program: Program, request: RateRequest): Promise<number> {
  const { sampleShape, batchSize, batches, seconds } = request
  const data = randomImages(sampleShape, batchSize * batches)
  const stop = new AbortController()
  let [since, images, rate] = [0, 0, 0]
  const { model } = await trainExperiment(
    interpretProgram(program),
    { data, signal: stop.signal, training: { epochs: 10_000, batchSize, validationSplit: 0, threads: 1 } },
    {
      onEpochEnd(epoch) {
        const now = performance.now()
        if (epoch === 1) since = now
        else images += data.train.count
        if (images === 0 || now - since < 1000 * seconds) return
        rate = (1000 * images) / (now - since)
        stop.abort()
      },
    },
  )
  model.dispose()
  return rate
}

/** Returns a dataset of random images in ten classes. */
export function randomImages(sampleShape: readonly number[], count: number): DatasetSplits {
  const random = createRandom(1)
  const size = sampleShape.reduce((product, length) => product * length, count)
  const inputs = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
  const samples = { inputs, labels, count, sampleShape, scale: 1 / 255, classes: 10 }
  return { train: samples, test: samples, classNames: [...'0123456789'] }
}
