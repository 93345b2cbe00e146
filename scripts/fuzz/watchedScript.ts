/** Imports a standalone script so that its own training loop and the slots of its optimizer can be observed. */
import * as tf from '@tensorflow/tfjs'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import type { Program } from '../../src/program/program.ts'
import type { Data } from '../../src/script/samples.ts'

/** The exports of a standalone script, and the probe added to it here. */
export interface WatchedScript {
  buildModel(seed: number): tf.LayersModel
  readonly training: ScriptTraining
  createTrainer(model: tf.LayersModel, training: ScriptTraining, data?: Data): ScriptTrainer
  train(trainer: object, data: Data, training: ScriptTraining, folder: string, signal: AbortSignal): Promise<void>
  readonly probe: { take?: (step: () => void, batch: ScriptBatch, logs: Logs, share: number) => void }
}

type Logs = Readonly<Record<string, number>>
type ScriptTraining = Readonly<Record<'epochs' | 'batchSize' | 'learningRate' | 'seed', number>>

interface ScriptTrainer {
  readonly optimizer: tf.Optimizer
}

export interface ScriptBatch {
  readonly inputs: tf.Tensor
  readonly labels: tf.Tensor
}

/**
 * Replaces `trainStep` in the loop of a script.
 *
 * @param train Trains on the batch, and returns its mean loss.
 */
export type BatchWatcher = (batch: ScriptBatch, train: () => number, trained: TrainedScript) => void

export interface TrainedScript {
  readonly model: tf.LayersModel
  readonly trainer: ScriptTrainer
  /** Ends training after the batch. */
  stop(): void
}

const emitter = createEmitter()

/** Compiles a program and imports the script from a folder in the repository, where it finds its packages; git ignores the folder. */
export async function importWatched(program: Program, specText: string): Promise<WatchedScript> {
  const folder = mkdtempSync(fileURLToPath(new URL('../../test/backends/.scripts-', import.meta.url)))
  try {
    const options = { backend: 'auto', specFile: 'random.yaml', specText, version: '0.0.0' } as const
    const { fileName, text, assets } = await emitter.emitProgram(program, options)
    for (const file of [{ fileName, content: withProbe(text) }, ...assets]) {
      mkdirSync(dirname(join(folder, file.fileName)), { recursive: true })
      writeFileSync(join(folder, file.fileName), file.content)
    }
    return (await import(pathToFileURL(join(folder, fileName)).href)) as WatchedScript
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Changes a script so that its loop calls the probe for each step, and the slots of our optimizers can be read. */
function withProbe(text: string): string {
  const step = 'export function trainStep('
  if (!text.includes(step)) throw new RangeError('the script has no trainStep')
  return `${text.replace(step, 'function takeStep(').replaceAll(/#(slots|shared)\b/g, '$1')}
export const probe: { take?: (step: () => void, batch: Batch, logs: Logs, share: number) => void } = {}
function trainStep(...given: Parameters<typeof takeStep>): void {
  const [, batch, logs, share] = given
  probe.take!(() => takeStep(...given), batch, logs, share)
}
`
}

/** Trains with the script's own loop, from new weights. */
export async function runWatched(
  script: WatchedScript,
  data: Data,
  epochs: number,
  watch: BatchWatcher,
): Promise<void> {
  const folder = mkdtempSync(fileURLToPath(new URL('../../test/backends/.scripts-', import.meta.url)))
  const training = { ...script.training, epochs }
  const model = script.buildModel(training.seed)
  const trainer = script.createTrainer(model, training, data)
  const controller = new AbortController()
  const trained: TrainedScript = { model, trainer, stop: () => controller.abort() }
  script.probe.take = (step, batch, logs, share) => {
    const before = logs['loss'] ?? 0
    const train = () => {
      step()
      return (logs['loss']! - before) / share
    }
    watch(batch, train, trained)
  }
  const { write } = process.stderr
  // Hides the progress of the script.
  process.stderr.write = () => true
  try {
    await script.train(trainer, data, training, folder, controller.signal)
  } finally {
    process.stderr.write = write
    model.dispose()
    trainer.optimizer.dispose()
    rmSync(folder, { recursive: true })
  }
}

/** The slots of an optimizer: tf.train has a list for each kind of slot, our optimizers a map by variable name. */
interface OpenOptimizer {
  readonly slots?: ReadonlyMap<string, readonly tf.Variable[]>
  readonly shared?: readonly tf.Variable[]
  readonly accBeta1?: tf.Variable
  readonly accBeta2?: tf.Variable
  readonly iteration?: tf.Variable
}

/** Returns the slots of a script's optimizer in the order of `train`; the first step creates them. */
export function slotsOf({ model, trainer: { optimizer } }: TrainedScript, slotsPerWeight: number): Slot[] {
  const open = optimizer as OpenOptimizer
  const byName = open.slots ?? slotsOfTrain(optimizer)
  const own = model.trainableWeights.flatMap((weight) => {
    const slots = byName.get((weight.read() as tf.Variable).name) ?? []
    return Array.from({ length: slotsPerWeight }, (_, index) => slots[index])
  })
  const shared = open.shared ?? [open.accBeta1, open.accBeta2, open.iteration].filter((number) => number !== undefined)
  return [...own, ...shared]
}

type Slot = tf.Variable | undefined

interface NamedSlot {
  /** A name such as `dense/kernel/m`. */
  readonly originalName: string
  readonly variable: tf.Variable
}

function slotsOfTrain(optimizer: object): ReadonlyMap<string, readonly tf.Variable[]> {
  const lists = Object.values(optimizer).filter((value): value is NamedSlot[] => Array.isArray(value))
  const named = lists
    .flat()
    .map(({ originalName, variable }) => [originalName.slice(0, originalName.lastIndexOf('/')), variable] as const)
  const names = [...new Set(named.map(([name]) => name))]
  return new Map(names.map((name) => [name, named.flatMap(([own, variable]) => (own === name ? [variable] : []))]))
}
