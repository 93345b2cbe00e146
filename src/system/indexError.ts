/** Recognizes failures of an engine on numbers that a layer of whole numbers does not accept. */
import { KnownError } from './knownError.ts'

/** The messages of the wasm engine, of libtensorflow and of tf.layers: the number, where they have it, and the limit. */
const outOfRange = [
  /index value (?<value>-?\d+) is not in \[0, (?<largest>-?\d+)\]/,
  /indices\[[\d,]*\] = (?<value>-?\d+) is not in \[0, (?<count>\d+)\)/,
  /must be between 0 < values <= numTokens with numTokens=(?<count>\d+)/,
]

/** Converts the failure to a KnownError with a fix; undefined if such a number is not its cause. */
export function asIndexError(error: unknown): KnownError | undefined {
  if (!(error instanceof Error)) return undefined
  const found = outOfRange.map((form) => form.exec(error.message)?.groups).find((groups) => groups !== undefined)
  if (found === undefined) return undefined
  const { value = 'a number out of range', count, largest = Number(count) - 1 } = found
  return new KnownError(
    'data/index-out-of-range',
    `A sample contains ${value}, but a layer takes whole numbers from 0 to ${largest}.`,
    'Enlarge the option of the layer (`inputDim` or `numTokens`), or fix the sample; `check --data` lists all such numbers.',
    { cause: error },
  )
}
