/** The files in the folder of a run. Whatever writes, reads, verifies or protects one of them names it by this list. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const runFiles = {
  /** The spec, byte for byte as it was written. */
  spec: 'spec.yaml',
  /** The spec with its defaults and what the command line changed of it. */
  resolved: 'resolved.json',
  /** Machine, engine and versions: written last of what describes a run, so that a folder which has it can be resumed. */
  environment: 'environment.json',
  /** A line for each epoch. */
  metrics: 'metrics.jsonl',
  /** Loss and metrics on the test samples. */
  evaluation: 'evaluation.json',
  /** What the report shows of the answers on the test samples. */
  inspection: 'inspection.json',
  /** The checksums of the others. */
  manifest: 'manifest.json',
  /** Which process trains. */
  lock: 'run.lock',
  /** The folder of the trained model, in the format of TensorFlow.js. */
  model: 'model',
  checkpoints: 'checkpoints',
} as const

/** The page about a run is output like exports, and may be replaced. */
export const reportFile = 'report.html'

export const modelFiles = { topology: 'model.json', weights: 'weights.bin' } as const

/** Whether a name in the folder of a run is one that the run is resumed and read from. */
export function isRunFile(name: string): boolean {
  return Object.values<string>(runFiles).includes(name)
}

/** Whether a folder holds a run. Compiled scripts leave no resolved spec, and a run that was ended early has no model. */
export function isRunFolder(folder: string): boolean {
  return isThere(folder, runFiles.environment) && trainedFiles.some((name) => isThere(folder, name))
}

/** Whether a spec with these files beside it is the copy in the folder of a run. */
export function isSpecOfRun(names: readonly string[]): boolean {
  const others = [runFiles.environment, runFiles.lock, ...trainedFiles]
  return names.includes(runFiles.spec) && others.some((name) => names.includes(name))
}

/** Whether training left something in a folder. */
export function hasTrained(folder: string): boolean {
  return [runFiles.checkpoints, runFiles.metrics, runFiles.model].some((name) => isThere(folder, name))
}

const trainedFiles = [runFiles.resolved, runFiles.metrics, runFiles.model, runFiles.checkpoints]

function isThere(folder: string, name: string): boolean {
  return existsSync(join(folder, name))
}
