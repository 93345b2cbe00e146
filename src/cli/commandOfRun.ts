/** The command that repeats a run, saved with it: the spec, and every option that the run depends on beside it. */
import { relative } from 'node:path'
import type { RunConditions } from '../tasks/train/trainRun.ts'
import type { Spec } from '../validation/spec.ts'

export interface CommandedRun {
  /** The file of the spec. */
  readonly file: string
  /** The spec as it is in its file, and as the command line changed it. */
  readonly stated: Spec
  readonly trained: Spec
  /** Where the dataset was, if that was asked for. */
  readonly data?: string | undefined
}

/** A line for a POSIX shell. With another engine or number of threads, the last digits of the weights would differ. */
export function commandOfRun(
  { file, stated, trained, data }: CommandedRun,
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
    data: [undefined, data],
    backend: [undefined, engine.name],
  }
  const given = Object.entries(options).flatMap(([name, [before, now]]) =>
    now === undefined || now === before ? [] : [`--${name}`, quoteForShell(`${now}`)],
  )
  const spec = quoteForShell(near === '' || near.startsWith('..') ? file : near)
  return ['shapewright train', spec, ...given].join(' ')
}

function quoteForShell(text: string): string {
  return /^[\w./:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
