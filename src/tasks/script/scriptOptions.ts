/** Parses the arguments of a package script, and describes them for `--help`. */
import { parseArgs } from 'node:util'
import { engineChoices, type EngineChoice } from '../../system/engineNames.ts'
import type { TrainingOptions } from '../../runtime/training/experiment.ts'
import { KnownError } from '../../system/knownError.ts'
import type { TrainOptions } from './train.ts'

export interface ScriptOptions extends Pick<TrainOptions, 'training' | 'engine' | 'data' | 'out' | 'resume'> {
  readonly help: boolean
}

/**
 * Reads the arguments of a package script.
 *
 * @param argv The arguments, without the program and the script.
 * @throws KnownError if an argument is unknown or invalid.
 */
export function parseScriptOptions(argv: readonly string[]): ScriptOptions {
  const values = readArguments(argv)
  if (values.resume !== undefined && values.out !== undefined)
    throw new KnownError('usage', '--resume saves in the folder of the resumed run.', 'Remove --out.')
  const stated = {
    epochs: parseWholeNumber('--epochs', values.epochs, 1),
    batchSize: parseWholeNumber('--batch-size', values['batch-size'], 1),
    learningRate: parsePositiveNumber('--learning-rate', values['learning-rate']),
    seed: parseWholeNumber('--seed', values.seed, 0),
    threads: values.threads === 'auto' ? values.threads : parseWholeNumber('--threads', values.threads, 1),
  }
  const training = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined))
  const { data, out, resume, help = false } = values
  return {
    training,
    ...(values.backend !== undefined && { engine: parseEngine(values.backend) }),
    ...(data !== undefined && { data }),
    ...(out !== undefined && { out }),
    ...(resume !== undefined && { resume }),
    help,
  }
}

/** The text of `--help`. */
export function describeScriptOptions(name: string, training: TrainingOptions): string {
  return `Trains ${name}, evaluates it on the test samples and saves it.

  --epochs N           the number of passes over the training samples (${training.epochs})
  --batch-size N       the number of samples per step (${training.batchSize})
  --learning-rate X    overrides the learning rate of the optimizer
  --seed N             the seed of initial weights, order and dropout (${training.seed})
  --threads N          the number of threads that share each step on the wasm engine, or auto (${training.threads ?? 1})
  --backend NAME       ${engineChoices.join(', ')} (auto: the fastest that works)
  --data FOLDER        the folder of the dataset
  --out FOLDER         the run folder (default: runs/${name}, with a number if it exists)
  --resume FOLDER      resume this run from its newest checkpoint
  --help               print this text
`
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    epochs: text,
    'batch-size': text,
    'learning-rate': text,
    seed: text,
    threads: text,
    backend: text,
    data: text,
    out: text,
    resume: text,
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args: [...argv], options }).values
  } catch (error) {
    throw new KnownError(
      'usage',
      (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' '),
      'Run with --help for the options.',
    )
  }
}

function parseEngine(text: string): EngineChoice {
  const found = engineChoices.find((engine) => engine === text)
  if (found === undefined)
    throw new KnownError(
      'usage',
      `--backend must be one of ${engineChoices.join(', ')}, not "${text}".`,
      'Run with --help for the options.',
    )
  return found
}

function parsePositiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw new KnownError(
    'usage',
    `${option} must be a number above 0, not "${text}".`,
    'Run with --help for the options.',
  )
}

function parseWholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= 0x7fffffff) return value
  throw new KnownError(
    'usage',
    `${option} must be a whole number from ${least} to ${0x7fffffff}, not "${text}".`,
    'Run with --help for the options.',
  )
}
