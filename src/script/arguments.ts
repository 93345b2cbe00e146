/** The command-line arguments of a script. */
import { parseArgs } from 'node:util'

export type Training = { epochs: number; batchSize: number; learningRate: number; seed: number }

/** Reads the arguments of the command line, which override the defaults. */
export function readArguments(defaults: Training) {
  const text = { type: 'string' } as const
  const numbers = { epochs: text, 'batch-size': text, 'learning-rate': text, seed: text }
  const { values } = parseArgs({ options: { ...numbers, data: text, out: text, help: { type: 'boolean' } } })
  const read = (name: keyof typeof numbers, otherwise: number, least: number, isWhole = true): number => {
    const value = values[name] === '' ? Number.NaN : Number(values[name] ?? otherwise)
    if (value >= least && (isWhole ? Number.isSafeInteger(value) : value < Infinity)) return value
    throw new Error(`--${name} must be a${isWhole ? ' whole' : ''} number, at least ${least}, not '${values[name]}'`)
  }
  const [epochs, batchSize] = [read('epochs', defaults.epochs, 1), read('batch-size', defaults.batchSize, 1)]
  const [learningRate, seed] = [read('learning-rate', defaults.learningRate, 0, false), read('seed', defaults.seed, 0)]
  return { ...values, training: { epochs, batchSize, learningRate, seed } }
}
