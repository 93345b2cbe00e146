/** Creates run folders and writes their text files. */
import * as tf from '@tensorflow/tfjs'
import { appendFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { removeUnfinished, writeFileWhole } from './writeWhole.ts'
import { writeRunFile } from './runFileError.ts'
import { makeFolder, stateOfFolder } from './runFolderState.ts'
import { tryLockRun, unlockRun } from './runLock.ts'
import { runFiles } from '../../system/runFiles.ts'
import { keepManifest, openManifest } from './runManifest.ts'
import { type EpochLogs } from '../training/trainingListener.ts'
import { type EngineInfo } from '../engines/engineInfo.ts'

/**
 * Creates and locks a run folder: `root/name`, or if that is not empty, `root/name-2`, `root/name-3` and so on, so that
 * no run overwrites another. The folder of a process that was killed before its run started is used again.
 *
 * @returns Its path.
 * @throws KnownError if the folder cannot be created.
 */
export async function createRunFolder(root: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(root, number === 1 ? name : `${name}-${number}`)
    if (!makeFolder(folder)) continue
    const isFree = () => stateOfFolder(folder) === 'unused'
    if (!isFree() || !tryLockRun(folder)) continue
    // Another process may have locked it, trained and unlocked it in between.
    if (isFree()) {
      await removeUnfinished(folder)
      keepManifest(folder)
      return folder
    }
    unlockRun(folder)
  }
}

/**
 * Appends an epoch to `metrics.jsonl`: one JSON object per line.
 *
 * @throws KnownError if the system refuses.
 */
export async function appendMetrics(folder: string, logs: EpochLogs): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.append(runFiles.metrics, metricsLine(logs))
  const path = join(folder, runFiles.metrics)
  await writeRunFile(path, () => appendFile(path, metricsLine(logs)))
}

/** Rewrites `metrics.jsonl` with these epochs. */
export async function writeMetrics(folder: string, history: readonly EpochLogs[]): Promise<void> {
  await writeRunFiles(folder, { [runFiles.metrics]: history.length > 0 ? history.map(metricsLine).join('') : null })
}

function metricsLine(logs: EpochLogs): string {
  return `${JSON.stringify(logs)}\n`
}

/**
 * Writes run files atomically: readers never see half of one. `null` removes a file.
 *
 * @throws KnownError if the system refuses, or another process has taken over the run.
 */
export async function writeRunFiles(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.write(files)
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await writeRunFile(path, () => (content === null ? rm(path, { force: true }) : writeFileWhole(path, [content])))
  }
}

/** Formats a value as the text of a JSON file. */
export function formatJson(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`
}

/** The environment of a run besides its spec, for `environment.json`. */
export interface RunEnvironment {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  /** The number of threads that this machine runs at once. */
  readonly cores: number
  /** The number of threads that share each step; another number changes the last digits of the weights. */
  readonly threads: number
  readonly tfjs: string
  readonly engine: EngineInfo
  /** Set if sums of products are rounded as the processor likes; see `precision` of `training`. */
  readonly precision?: 'relaxed'
  /** The seed of all random numbers of the run. */
  readonly seed: number
  /** The name of the file with the checksums of the others. */
  readonly manifest: string
  /** The file of the trained weights that the run started from, and the digest of their numbers. */
  readonly weights?: { readonly from: string; readonly sha256: string }
}

/** Describes this machine and the current time. */
export function environmentOf(engine: EngineInfo, seed: number, threads: number): RunEnvironment {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    threads,
    tfjs: tf.version.tfjs,
    engine,
    seed,
    manifest: runFiles.manifest,
  }
}
