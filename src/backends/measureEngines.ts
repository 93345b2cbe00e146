/** What each engine does on this machine: whether it starts, and how fast it trains. */
import type { Program } from '../program/program.ts'
import type { DatasetSplits } from '../runtime/datasets/samples.ts'
import { EngineError, type EngineInfo } from '../runtime/engines/engineInfo.ts'
import { startEngine } from '../runtime/engines/startEngine.ts'
import { createRandom } from '../runtime/random.ts'
import { trainExperiment } from '../runtime/trainingLoop.ts'
import { interpretProgram } from './interpret.ts'

export interface EngineReport {
  readonly name: EngineInfo['name']
  readonly works: boolean
  readonly version?: string
  readonly detail?: string
  /** Images a second in training the program, measured. */
  readonly imagesPerSecond?: number
  readonly problem?: string
  /** What to do about an engine that does not work. */
  readonly help?: string
}

/** Images of one measured step; the plain cpu engine takes seconds for a few. */
const batchSizes = { node: 32, wasm: 32, cpu: 2 } as const

/** Starts an engine and trains `program` on random images for about two seconds. */
export async function measureEngine(name: EngineInfo['name'], program: Program): Promise<EngineReport> {
  try {
    const engine = await startEngine(name)
    const imagesPerSecond = await measureRate(program, batchSizes[name], name === 'cpu' ? 1 : 8)
    return { name, works: true, version: engine.version, detail: engine.detail, imagesPerSecond }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { name, works: false, problem: error.message, help: error.help }
  }
}

/** Trains whole passes over a few batches until two seconds are over; the first pass, which warms up, does not count. */
async function measureRate(program: Program, batchSize: number, batches: number): Promise<number> {
  const experiment = interpretProgram(program)
  const data = randomImages(batchSize * batches)
  const stop = new AbortController()
  let counted = 0
  let since = 0
  const { model } = await trainExperiment(
    experiment,
    { data, signal: stop.signal, training: { epochs: 10_000, batchSize, validationSplit: 0 } },
    {
      onEpochEnd(epoch) {
        const now = performance.now()
        if (epoch === 1) since = now
        else counted += data.train.count
        if (now - since > 2000 && counted > 0) {
          stop.abort()
          counted = (counted / (now - since)) * 1000
        }
      },
    },
  )
  model.dispose()
  return counted
}

function randomImages(count: number): DatasetSplits {
  const random = createRandom(1)
  const inputs = Uint8Array.from({ length: count * 28 * 28 }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
  const samples = { inputs, labels, count, sampleShape: [28, 28, 1], scale: 1 / 255, classes: 10 }
  return { train: samples, test: samples, classNames: Array.from({ length: 10 }, (_, digit) => String(digit)) }
}
