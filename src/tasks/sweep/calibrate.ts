/** Measures how long trials take by training the smallest and the largest of them for a moment. */
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeTensorFile } from '../../runtime/runs/tensorFile.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { fileSizeLimits, readRegularFile } from '../../system/regularFile.ts'
import { runFiles } from '../../system/runFiles.ts'
import type { TimeModel } from './timeModel.ts'
import { readLogEnd } from './logEnd.ts'

/** A trial to measure. */
export interface MeasuredTrial {
  /** The path of its frozen spec. */
  readonly spec: string
  /** Operations of the forward pass for one sample. */
  readonly flops: number
}

export interface Calibration {
  readonly program: readonly string[]
  /** The options of `train`, such as the engine. */
  readonly options: readonly string[]
  readonly signal: AbortSignal
  /** Seconds of training for each trial; 1.5 by default. */
  readonly seconds?: number
}

/** How long one trial takes: seconds before the first step, and for each sample. */
interface Measure {
  readonly flops: number
  readonly start: number
  readonly perSample: number
  readonly samples: number
  readonly validationSamples: number
}

/**
 * Trains each trial for a moment in a temporary folder, all at the same time, as they will compete for the processor later.
 *
 * @param trials The smallest and the largest trial, or only one.
 * @returns Undefined if one of them could not be trained, which the sweep itself will report.
 */
export async function calibrate(
  trials: readonly MeasuredTrial[],
  calibration: Calibration,
): Promise<TimeModel | undefined> {
  const measures = await Promise.all(trials.map((trial) => measure(trial, calibration)))
  const [small, large = small] = measures
  if (small === undefined || large === undefined) return undefined
  const range = large.flops - small.flops
  const perFlop = range > 0 ? Math.max(0, (large.perSample - small.perSample) / range) : 0
  return {
    start: (small.start + large.start) / 2,
    perSample: Math.max(0, large.perSample - perFlop * large.flops),
    perFlop,
    samples: small.samples,
    validationSamples: small.validationSamples,
  }
}

async function measure({ spec, flops }: MeasuredTrial, { program, options, signal, seconds = 1.5 }: Calibration) {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-calibration-'))
  const log = join(folder, 'log.txt')
  const run = join(folder, 'run')
  const output = openSync(log, 'a')
  const begun = performance.now()
  const [command = '', ...args] = [...program, 'train', spec, '--run', run, ...options]
  const child = spawn(command, args, { stdio: ['ignore', output, output], detached: true })
  closeSync(output)
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const ended = new Promise<void>((done) => {
    child.once('error', () => done())
    child.once('exit', () => done())
  })
  try {
    let start: number | undefined
    let stopAt = Number.POSITIVE_INFINITY
    while (isRunning() && performance.now() < stopAt && !signal.aborted) {
      await new Promise((done) => setTimeout(done, 20))
      if (start !== undefined || !readLogEnd(log, 65_536).includes('Epoch 1/')) continue
      start = (performance.now() - begun) / 1000
      stopAt = performance.now() + seconds * 1000
    }
    if (isRunning()) child.kill('SIGINT')
    await ended
    const speed = start === undefined ? undefined : readSpeed(run)
    return speed && start !== undefined ? { flops, start, ...speed } : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The part of a checkpoint that says how fast it was trained. */
interface SavedProgress {
  readonly epoch: number
  readonly step: number
  readonly seconds: number
  readonly history: readonly Readonly<Record<string, string>>[]
  readonly training: { readonly batchSize: number }
  readonly description: Readonly<Record<string, unknown>>
}

const progressFields = {
  epoch: 'number',
  step: 'number',
  seconds: 'number',
  history: ['object'],
  training: { batchSize: 'number' },
  description: 'object',
} as const

/** Reads the speed of a run from its newest checkpoint. */
function readSpeed(run: string): Pick<Measure, 'perSample' | 'samples' | 'validationSamples'> | undefined {
  try {
    const folder = join(run, runFiles.checkpoints)
    const name = readdirSync(folder)
      .filter((file) => /^step-\d+\.safetensors$/.test(file))
      .toSorted()
      .at(-1)
    if (name === undefined) return undefined
    const { metadata } = decodeTensorFile(readRegularFile(join(folder, name), fileSizeLimits.data))
    const state = parseRecord<SavedProgress>(metadata['state'] ?? '', progressFields)
    if (state === undefined) return undefined
    const samples = Number(state.description['training samples'])
    const validationSamples = Number(state.description['validation samples'])
    const seconds = state.history.reduce((total, epoch) => total + Number(epoch['seconds']), state.seconds)
    const trained = state.history.length * samples + Math.min(state.step * state.training.batchSize, samples)
    return trained > 0 && samples > 0 ? { perSample: seconds / trained, samples, validationSamples } : undefined
  } catch {
    return undefined
  }
}
