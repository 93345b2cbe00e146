/** The names of the files in a run folder, for all code that writes, reads, verifies or protects them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const runFiles = {
  /** The spec, byte for byte as the user wrote it. */
  spec: 'spec.yaml',
  /** The spec with its defaults and the options of the command line. */
  resolved: 'resolved.json',
  /** Machine, engine and versions. Written after the other files that describe a run, so a folder with it can be resumed. */
  environment: 'environment.json',
  /** A line for each epoch. */
  metrics: 'metrics.jsonl',
  /** Loss and metrics on the test samples. */
  evaluation: 'evaluation.json',
  /** The inspection of the predictions for the test samples, which the report shows. */
  inspection: 'inspection.json',
  /** The checksums of the other files. */
  manifest: 'manifest.json',
  /** The output of all trainings of a trial of a sweep. */
  log: 'log.txt',
  /** The process that trains the run. */
  lock: 'run.lock',
  /** The folder of the trained model, in the format of TensorFlow.js. */
  model: 'model',
  checkpoints: 'checkpoints',
} as const

/** The report of a run. It is an output like exports, and may be replaced. */
export const reportFile = 'report.html'

export const modelFiles = { topology: 'model.json', weights: 'weights.bin' } as const

/** Whether a file name in a run folder belongs to the run itself. */
export function isRunFile(name: string): boolean {
  return Object.values<string>(runFiles).includes(name)
}

/** Whether a folder contains a run. Compiled scripts save no resolved spec, and a run that stopped early has no model. */
export function isRunFolder(folder: string): boolean {
  return isThere(folder, runFiles.environment) && trainedFiles.some((name) => isThere(folder, name))
}

/** Whether these are the names in a run folder, so that its spec is a copy. */
export function isSpecOfRun(names: readonly string[]): boolean {
  const others = [runFiles.environment, runFiles.lock, ...trainedFiles]
  return names.includes(runFiles.spec) && others.some((name) => names.includes(name))
}

/** Whether a folder contains results of training. */
export function hasTrained(folder: string): boolean {
  return [runFiles.checkpoints, runFiles.metrics, runFiles.model].some((name) => isThere(folder, name))
}

const trainedFiles = [runFiles.resolved, runFiles.metrics, runFiles.model, runFiles.checkpoints]

function isThere(folder: string, name: string): boolean {
  return existsSync(join(folder, name))
}
