import * as tf from '@tensorflow/tfjs'
import { appendFile, readdir, rm } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { writeFileWhole } from './checkpoints/writeWhole.ts'
import { writeRunFile } from './runFileError.ts'
import { RunFolderError } from './runFolderError.ts'
import { lockRun } from './runLock.ts'
import { fileFailure } from './systemError.ts'
import { type EpochLogs } from './trainingListener.ts'
import { type EngineInfo } from './engines/engineInfo.ts'
import { createFolder } from './createFolder.ts'

/**
 * Makes the folder for a run: `root/name`, or where that one has anything in it already, `root/name-2`, `root/name-3`
 * and so on, so that no run overwrites another.
 *
 * @returns Its path.
 * @throws RunFolderError where that is not possible.
 */
export async function createRunFolder(root: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(root, number === 1 ? name : `${name}-${number}`)
    try {
      createFolder(folder)
      if ((await readdir(folder)).length > 0) continue
    } catch (error) {
      // A file of that name is as good as a folder that is taken.
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
      const why = fileFailure(error)
      if (why === undefined) throw error
      throw new RunFolderError(`The run cannot be saved in ${folder}: ${why}.`, 'Choose another folder with --out.')
    }
    lockRun(folder)
    return folder
  }
}

/**
 * Adds an epoch to `metrics.jsonl`: one JSON object a line.
 *
 * @throws TrainingError where the system refuses.
 */
export async function appendMetrics(folder: string, logs: EpochLogs): Promise<void> {
  const path = join(folder, 'metrics.jsonl')
  await writeRunFile(path, () => appendFile(path, metricsLine(logs)))
}

/** Writes `metrics.jsonl` anew, with these epochs. */
export async function writeMetrics(folder: string, history: readonly EpochLogs[]): Promise<void> {
  const path = join(folder, 'metrics.jsonl')
  await writeRunFile(path, () =>
    history.length > 0 ? writeFileWhole(path, history.map(metricsLine)) : rm(path, { force: true }),
  )
}

function metricsLine(logs: EpochLogs): string {
  return `${JSON.stringify(logs)}\n`
}

/**
 * Writes a JSON file of a run whole: readers never see half of it.
 *
 * @throws TrainingError where the system refuses.
 */
export async function writeJsonFile(path: string, content: unknown): Promise<void> {
  await writeRunFile(path, () => writeFileWhole(path, [`${JSON.stringify(content, null, 2)}\n`]))
}

/** What a run depended on beside its spec, for `environment.json`. */
export interface RunEnvironment {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  /** How many threads can run at once here. */
  readonly threads: number
  readonly tfjs: string
  readonly engine: EngineInfo
  /** What all random numbers of the run follow from. */
  readonly seed: number
}

/** Describes this machine and moment. */
export function environmentOf(engine: EngineInfo, seed: number): RunEnvironment {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    tfjs: tf.version.tfjs,
    engine,
    seed,
  }
}
