import * as tf from '@tensorflow/tfjs'
import { appendFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { type EngineInfo } from './engines/engineInfo.ts'
import { type EpochLogs } from './trainingListener.ts'

/**
 * Makes the folder for a run: `root/name`, or where that one has anything in it already, `root/name-2`, `root/name-3`
 * and so on, so that no run overwrites another.
 *
 * @returns Its path.
 */
export async function createRunFolder(root: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(root, number === 1 ? name : `${name}-${number}`)
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length === 0) return folder
  }
}

/** Adds an epoch to `metrics.jsonl`: one JSON object a line. */
export async function appendMetrics(folder: string, logs: EpochLogs): Promise<void> {
  await appendFile(join(folder, 'metrics.jsonl'), `${JSON.stringify(logs)}\n`)
}

/** Writes a JSON file under a temporary name first, so that readers never see half of it. */
export async function writeJsonFile(path: string, content: unknown): Promise<void> {
  const written = `${path}.writing-${process.pid}`
  await writeFile(written, `${JSON.stringify(content, null, 2)}\n`)
  await rename(written, path)
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
