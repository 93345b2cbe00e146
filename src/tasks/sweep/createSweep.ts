/** Creates the folder of a sweep with all frozen trials before the first one starts, and adds trials to it after an edit. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../../analyze.ts'
import { makeFolder } from '../../runtime/runs/runFolderState.ts'
import { withLock } from '../../runtime/runs/runLock.ts'
import { RunManifest } from '../../runtime/runs/runManifest.ts'
import { temporaryName } from '../../runtime/runs/temporaryName.ts'
import { writeFileWhole } from '../../runtime/runs/writeWhole.ts'
import { describeTrial } from '../../sweep/describeTrial.ts'
import type { Sweep, Trial } from '../../sweep/trial.ts'
import { KnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'
import { version } from '../../system/version.ts'
import { dataPathsOf, digestOf, recordData } from './dataRecords.ts'
import { mergeTrials } from './mergeTrials.ts'
import {
  readSweepRecord,
  sweepFiles,
  trialFolder,
  type SweepRecord,
  type TrialRecord,
  writeSweepRecord,
} from './sweepFiles.ts'
import { unitsOf } from './units.ts'

/** A sweep as it is written, and how its trials are trained. */
export interface SweepPlan {
  readonly sweep: Sweep
  /** The path of the sweep file. */
  readonly file: string
  /** The text of the sweep file. */
  readonly text: string
  readonly command: string
  readonly options: SweepRecord['options']
  readonly forecast?: SweepRecord['forecast']
}

/**
 * Creates `root/name`, or `root/name-2` and so on, complete or not at all: it is written under a temporary name.
 *
 * @returns The path of the folder.
 * @throws KnownError if it cannot be written, or a file of the data is missing.
 */
export async function createSweep(plan: SweepPlan, root: string, name: string): Promise<string> {
  const { sweep, file, text, command, options, forecast } = plan
  const trials = sweep.trials.map(recordOf)
  // Paths in frozen specs are relative to their folders, which are equally deep in all sweeps of this root.
  const data = await recordData(dataOf(sweep.trials, join(root, name)), join(root, name))
  const temporary = temporaryName(join(root, name))
  try {
    requireFolder(join(temporary, sweepFiles.trials))
    for (const trial of sweep.trials) await writeTrial(temporary, trial.number, trial.spec)
    await writeFileWhole(join(temporary, sweepFiles.spec), [text])
    await writeSweepRecord(temporary, {
      format: 1,
      name: sweep.name,
      file,
      command,
      date: new Date().toISOString(),
      versions: { shapewright: version, node: process.version },
      options,
      parameters: sweep.parameters,
      objective: sweep.objective,
      ...(sweep.stopping && { stopping: sweep.stopping }),
      data,
      units: unitsOf(readyOf(trials), sweep.stopping),
      ...(forecast && { forecast }),
      trials,
    })
    return moveToFreeName(temporary, join(root, name))
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true })
    throw asFolderError(error, join(root, name))
  }
}

/**
 * Adds the trials of an edited sweep file to a sweep, and restores the folders of trials that were deleted. The engine and
 * the threads stay, so that all trials can be compared.
 *
 * @returns The numbers of the added trials.
 * @throws KnownError if the folder is not a sweep of this name, or cannot be written.
 */
export async function updateSweep(folder: string, { sweep, text, file }: SweepPlan): Promise<number[]> {
  return await withLock(folder, async () => {
    const before = await readSweepRecord(folder)
    if (before.name !== sweep.name) {
      throw new KnownError(
        'usage',
        `${folder} is a sweep of ${before.name}, not of ${sweep.name}`,
        'give the sweep file that began it',
      )
    }
    const merged = mergeTrials(
      before.trials,
      sweep.trials.map((trial) => ({ ...recordOf(trial), spec: trial.spec })),
    )
    try {
      for (const { number, spec } of merged) await writeTrial(folder, number, spec)
      const data = await recordData(dataOf(merged, folder), folder)
      const known = new Set(before.data.map(({ path }) => path))
      const trials = merged.map(({ spec: _spec, ...record }) => record)
      const { stopping: _stopping, ...kept } = before
      await writeFileWhole(join(folder, sweepFiles.spec), [text])
      await writeSweepRecord(folder, {
        ...kept,
        file,
        parameters: [...new Set([...before.parameters, ...sweep.parameters])],
        objective: sweep.objective,
        ...(sweep.stopping && { stopping: sweep.stopping }),
        data: [...before.data, ...data.filter(({ path }) => !known.has(path))],
        units: unitsOf(readyOf(trials), sweep.stopping),
        trials,
      })
    } catch (error) {
      throw asFolderError(error, folder)
    }
    const numbers = new Set(before.trials.map(({ number }) => number))
    return merged.flatMap(({ number }) => (numbers.has(number) ? [] : [number]))
  })
}

function recordOf(trial: Trial): TrialRecord {
  const { number, spec } = trial
  return { number, ...(spec !== undefined && { id: digestOf(spec) }), ...describeTrial(trial) }
}

function readyOf(trials: readonly TrialRecord[]): TrialRecord[] {
  return trials.filter(({ state }) => state === 'ready')
}

/** The paths of all data that trials read. */
function dataOf(
  trials: readonly { readonly number: number; readonly spec?: string | undefined }[],
  folder: string,
): Set<string> {
  const paths = new Set<string>()
  for (const { number, spec } of trials) {
    if (spec === undefined) continue
    const file = join(trialFolder(folder, number), runFiles.spec)
    for (const path of dataPathsOf(analyze(spec, file, { host: nodeHost }).spec)) paths.add(path)
  }
  return paths
}

/** Writes the frozen spec of a trial, unless its folder has one. The manifest marks the folder as one that a run can start in. */
async function writeTrial(sweep: string, number: number, spec: string | undefined): Promise<void> {
  const folder = trialFolder(sweep, number)
  if (spec === undefined || existsSync(join(folder, runFiles.spec))) return
  requireFolder(folder)
  await new RunManifest(folder).write({ [runFiles.spec]: spec })
}

function requireFolder(folder: string): void {
  if (makeFolder(folder)) return
  throw new KnownError(
    'run',
    `${folder} cannot be created: a file has this name.`,
    'Remove the file, or choose another folder with --out.',
  )
}

/** Moves a complete sweep to the first free name, so that no run or sweep is overwritten. */
function moveToFreeName(temporary: string, folder: string): string {
  for (let number = 1; ; number++) {
    const place = number === 1 ? folder : `${folder}-${number}`
    if (existsSync(place)) continue
    try {
      renameSync(temporary, place)
      return place
    } catch (error) {
      // Another process has just taken this name.
      if (!existsSync(place)) throw error
    }
  }
}

function asFolderError(error: unknown, folder: string): unknown {
  const why = fileFailure(error)
  if (why === undefined) return error
  return new KnownError(
    'run',
    `The sweep cannot be saved in ${folder}: ${why}.`,
    'Free some space or fix the folder, or choose another one with --out.',
    {
      cause: error,
    },
  )
}
