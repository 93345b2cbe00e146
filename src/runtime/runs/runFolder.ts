/** The folder of a run: created, and its text files written. */
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
 * Makes and locks the folder for a run: `root/name`, or where that one has anything in it already, `root/name-2`,
 * `root/name-3` and so on, so that no run overwrites another. A folder is used again where a process was killed in it
 * before its run had begun.
 *
 * @returns Its path.
 * @throws KnownError where that is not possible.
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
 * Adds an epoch to `metrics.jsonl`: one JSON object a line.
 *
 * @throws KnownError where the system refuses.
 */
export async function appendMetrics(folder: string, logs: EpochLogs): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.append(runFiles.metrics, metricsLine(logs))
  const path = join(folder, runFiles.metrics)
  await writeRunFile(path, () => appendFile(path, metricsLine(logs)))
}

/** Writes `metrics.jsonl` anew, with these epochs. */
export async function writeMetrics(folder: string, history: readonly EpochLogs[]): Promise<void> {
  await writeRunFiles(folder, { [runFiles.metrics]: history.length > 0 ? history.map(metricsLine).join('') : null })
}

function metricsLine(logs: EpochLogs): string {
  return `${JSON.stringify(logs)}\n`
}

/**
 * Writes files of a run, each whole: readers never see half of one. `null` removes one.
 *
 * @throws KnownError where the system refuses, or another process has taken the run over.
 */
export async function writeRunFiles(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  const manifest = openManifest(folder)
  if (manifest) return await manifest.write(files)
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await writeRunFile(path, () => (content === null ? rm(path, { force: true }) : writeFileWhole(path, [content])))
  }
}

/** The text of a JSON file. */
export function formatJson(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`
}

/** What a run depended on beside its spec, for `environment.json`. */
export interface RunEnvironment {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  /** How many threads can run at once here. */
  readonly cores: number
  /** How many threads share each step: with another number, the last digits of the weights differ. */
  readonly threads: number
  readonly tfjs: string
  readonly engine: EngineInfo
  /** What all random numbers of the run follow from. */
  readonly seed: number
  /** The file with the checksums of the others. */
  readonly manifest: string
}

/** Describes this machine and moment. */
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
