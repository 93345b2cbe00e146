/** Prints the command that repeats a run, which is saved with it: the spec, and all options that the run depends on. */
import { relative } from 'node:path'
import type { RunConditions } from '../tasks/train/trainRun.ts'
import { quoteForShell } from '../system/quoteForShell.ts'
import type { Spec } from '../validation/spec.ts'

export interface RunToRepeat {
  /** The file of the spec. */
  readonly file: string
  /** The spec as it is in its file. */
  readonly stated: Spec
  /** The spec with the options of the command line. */
  readonly trained: Spec
  /** The path of the dataset, if `--data` gave it. */
  readonly data?: string | undefined
  /** The values of `--set`. */
  readonly settings?: readonly string[] | undefined
  /** The number of `--trial`. */
  readonly trial?: number | undefined
}

/**
 * Returns a line for a POSIX shell. It includes the engine and the number of threads, because the last digits of the weights
 * depend on them.
 */
export function commandOfRun(
  { file, stated, trained, data, settings = [], trial }: RunToRepeat,
  { engine, threads }: RunConditions,
): string {
  const near = relative('', file)
  const options = {
    name: [stated.name, trained.name],
    epochs: [stated.training.epochs, trained.training.epochs],
    'batch-size': [stated.training.batchSize, trained.training.batchSize],
    'learning-rate': [stated.optimizer?.options['learningRate'], trained.optimizer?.options['learningRate']],
    seed: [stated.training.seed, trained.training.seed],
    threads: [engine.name === 'wasm' ? stated.training.threads : threads, threads],
    trial: [undefined, trial],
    data: [undefined, data],
    backend: [undefined, engine.name],
  }
  const given = Object.entries(options).flatMap(([name, [before, now]]) =>
    now === undefined || now === before ? [] : [`--${name}`, quoteForShell(`${now}`)],
  )
  const spec = quoteForShell(near === '' || near.startsWith('..') ? file : near)
  const set = settings.map((setting) => `--set ${quoteForShell(setting)}`)
  return ['shapewright train', spec, ...set, ...given].join(' ')
}
