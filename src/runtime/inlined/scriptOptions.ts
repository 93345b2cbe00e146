import { parseArgs } from 'node:util'
import { type TrainingOptions } from '../training/experiment.ts'

/** What the arguments of a compiled script ask for. */
export interface ScriptOptions {
  readonly training: Partial<TrainingOptions>
  readonly data: string | undefined
  readonly out: string | undefined
  /** The folder of the run to go on with. */
  readonly resume: string | undefined
  readonly help: boolean
}

/**
 * Reads the arguments of a compiled script.
 *
 * @param argv Without the program and the script.
 * @throws Error with a message for the user where they are wrong.
 */
export function parseScriptOptions(argv: readonly string[]): ScriptOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      epochs: { type: 'string' },
      'batch-size': { type: 'string' },
      'learning-rate': { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      data: { type: 'string' },
      out: { type: 'string' },
      resume: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.resume !== undefined && values.out !== undefined)
    throw new Error('--resume saves where the run is: leave --out out.')
  return {
    training: {
      ...(values.epochs !== undefined && { epochs: parseWholeNumber('--epochs', values.epochs, 1) }),
      ...(values['batch-size'] !== undefined && {
        batchSize: parseWholeNumber('--batch-size', values['batch-size'], 1),
      }),
      ...(values['learning-rate'] !== undefined && {
        learningRate: parsePositiveNumber('--learning-rate', values['learning-rate']),
      }),
      ...(values.seed !== undefined && { seed: parseWholeNumber('--seed', values.seed, 0) }),
      ...(values.threads !== undefined && { threads: parseThreads(values.threads) }),
    },
    data: values.data,
    out: values.out,
    resume: values.resume,
    help: values.help === true,
  }
}

/** What `--help` prints. */
export function describeScriptOptions(name: string, training: TrainingOptions): string {
  return `Trains ${name}, evaluates it on the test samples and saves it.

  --epochs N           passes over the training samples (${training.epochs})
  --batch-size N       samples a step (${training.batchSize})
  --learning-rate X    how far each step goes, in place of the optimizer's own
  --seed N             decides initial weights, order and dropout (${training.seed})
  --threads N          threads that share each step on the wasm engine, or auto (${training.threads ?? 1})
  --data FOLDER        where the data set is
  --out FOLDER         where to save the run (runs/${name}; with a number added where that is taken)
  --resume FOLDER      the run to go on with, from its newest checkpoint
  --help               this text
`
}

function parseThreads(text: string): number | 'auto' {
  return text === 'auto' ? text : parseWholeNumber('--threads', text, 1)
}

function parsePositiveNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw new Error(`${option} takes a number above 0, not "${text}".`)
}

function parseWholeNumber(option: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= 0x7fffffff) return value
  throw new Error(`${option} takes a whole number from ${least} to ${0x7fffffff}, not "${text}".`)
}
