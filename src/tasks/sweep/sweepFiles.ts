/** The files of a sweep folder, and `sweep.json`, which describes the sweep before its first trial starts. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../../runtime/runs/runLock.ts'
import { writeFileWhole } from '../../runtime/runs/writeWhole.ts'
import type { EngineChoice } from '../../system/engineNames.ts'
import type { Objective, Stopping, TrialFacts, TrialState } from '../../sweep/trial.ts'
import { KnownError } from '../../system/knownError.ts'
import { type JsonFields, readRecord } from '../../system/parseRecord.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { fileFailure } from '../../system/systemError.ts'
import type { TimeModel } from './timeModel.ts'
import type { Unit } from './units.ts'

/** The names of the files in a sweep folder. */
export const sweepFiles = {
  /** The sweep file, byte for byte as the user wrote it. */
  spec: 'spec.yaml',
  record: 'sweep.json',
  /** A line for each event, in the order in which they happened. */
  ledger: 'ledger.jsonl',
  /** Each trial has a run folder in it. */
  trials: 'trials',
} as const

/** Whether a folder contains a sweep. */
export function isSweepFolder(folder: string): boolean {
  return existsSync(join(folder, sweepFiles.record))
}

/** The run folder of a trial: `runs/NAME/trials/0007`. */
export function trialFolder(sweep: string, trial: number): string {
  return join(sweep, sweepFiles.trials, `${trial}`.padStart(4, '0'))
}

/** A trial as `sweep.json` lists it. */
export interface TrialRecord {
  readonly number: number
  /** The SHA-256 of its frozen spec; only of a trial that is `ready`. */
  readonly id?: string
  readonly label: string
  /** The value of each parameter by its path. */
  readonly values: Readonly<Record<string, unknown>>
  readonly state: TrialState
  readonly reason?: string
  readonly facts: TrialFacts
  readonly epochs: number
}

/** A file or a folder that trials read. */
export interface DataRecord {
  /** Relative to the sweep folder, or absolute if the spec says so. */
  readonly path: string
  /** Bytes; for a folder, of all its files together. */
  readonly size: number
  /** The SHA-256 of a file. For a folder, it is that of the lines that sha256sum prints for its files, sorted by path. */
  readonly sha256: string
  /** The number of files, for a folder. */
  readonly files?: number
}

/** The expected duration of a sweep. */
export interface Forecast {
  readonly seconds: number
  /** The number of trials that run at once. */
  readonly parallel: number
  /** The measured speed that it follows from; absent without a calibration. */
  readonly model?: TimeModel
}

export interface SweepRecord {
  readonly format: 1
  readonly name: string
  /** The path of the sweep file. */
  readonly file: string
  /** The command that began the sweep. */
  readonly command: string
  readonly date: string
  readonly versions: { readonly shapewright: string; readonly node: string }
  /** The options with which each trial is trained; all trials have the same. */
  readonly options: { readonly backend: EngineChoice; readonly threads?: number }
  readonly parameters: readonly string[]
  readonly objective: Objective
  readonly stopping?: Stopping
  readonly data: readonly DataRecord[]
  readonly units: readonly Unit[]
  readonly forecast?: Forecast
  readonly trials: readonly TrialRecord[]
}

/** Writes `sweep.json`. The caller holds the lock of the sweep, or has just created its folder. */
export async function writeSweepRecord(folder: string, record: SweepRecord): Promise<void> {
  await writeFileWhole(join(folder, sweepFiles.record), [`${JSON.stringify(record, null, 2)}\n`])
}

/** Adds the forecast to `sweep.json`. */
export async function saveForecast(folder: string, forecast: Forecast): Promise<void> {
  await withLock(folder, async () => {
    await writeSweepRecord(folder, { ...(await readSweepRecord(folder)), forecast })
  })
}

/** @throws KnownError if the folder contains no sweep, or its record is damaged. */
export async function readSweepRecord(folder: string): Promise<SweepRecord> {
  const path = join(folder, sweepFiles.record)
  let text: string
  try {
    text = (await readWholeFile(path, fileSizeLimits.text)).toString('utf8')
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    if (!isMissing) throw new KnownError('run', `${path} cannot be read: ${why}.`, 'Check the file and its folder.')
    throw new KnownError('usage', `${folder} is not a sweep folder`, '`shapewright sweep` creates them in `runs`')
  }
  const help = 'Copy it from a backup, or run the sweep under another name with --name.'
  const record = readRecord<SweepRecord>(text, recordFields, { path, code: 'run', help })
  if (record.format === 1) return record
  throw new KnownError(
    'run',
    `${path} has format ${String(record.format)}, but this version reads format 1.`,
    'Update shapewright.',
  )
}

const recordFields: JsonFields = {
  format: 'number',
  name: 'string',
  file: 'string',
  command: 'string',
  date: 'string',
  versions: { shapewright: 'string', node: 'string' },
  options: { backend: 'string', 'threads?': 'number' },
  parameters: ['string'],
  objective: { metric: 'string', direction: 'string' },
  'stopping?': { kind: 'string', minEpochs: 'number', reduction: 'number' },
  data: [{ path: 'string', size: 'number', sha256: 'string' }],
  units: [{ unit: 'number', rung: 'number', epochs: 'number' }],
  'forecast?': { seconds: 'number', parallel: 'number' },
  trials: [{ number: 'number', label: 'string', values: 'object', state: 'string', facts: 'object', epochs: 'number' }],
}
