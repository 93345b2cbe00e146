/** What the checks of a dataset's samples find, before it has a place in a spec. */
import type { Values } from '../../script/samples.ts'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { DataPlace, Evidence, Severity } from '../../diagnostics/diagnostic.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import type { Samples } from '../../runtime/data/samples.ts'

export interface DataFinding {
  readonly code: DiagnosticCode
  /** Where it is not the usual one of the code. */
  readonly severity?: Severity
  readonly message: string
  readonly help: string
  readonly evidence?: Evidence
}

/** What samples are for. */
export type SplitName = 'train' | 'validation' | 'test'

export interface Split {
  readonly name: SplitName
  readonly samples: Samples
}

/** The splits as messages call them, before `samples`. */
export const splitWords: Readonly<Record<SplitName, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
}

/** One question to all samples. */
export interface SampleCheck {
  /** Is given each sample once, split by split, with its values as they are before they are scaled. */
  take(split: Split, sample: number, values: Values): void
  /** What there is to tell when all were seen. */
  findings(): DataFinding[]
}

/** So many places are told of one finding. */
const mostPlaces = 10

/** Places in the data: the first ones, and how many there are. */
export class Places {
  readonly #places: DataPlace[] = []
  #count = 0

  /** @param tell Is asked of the first places only. */
  add(tell: () => DataPlace): void {
    if (this.#count < mostPlaces) this.#places.push(tell())
    this.#count++
  }

  get count(): number {
    return this.#count
  }

  get evidence(): Evidence {
    return { places: this.#places, more: this.#count - this.#places.length }
  }
}

/** The place of a sample: its file, with what is to be said of it. */
export function placeOf({ name, samples }: Split, sample: number, message: string): DataPlace {
  const origin = samples.origin?.(sample)
  if (origin === undefined) return { message: `${name} sample ${sample}: ${message}` }
  const { file, line, number } = origin
  if (number !== undefined) return { file, message: `sample ${number} (${name}): ${message}` }
  return { file, ...(line !== undefined && { line }), message }
}

/** A sample within a sentence. */
export function nameSample({ name, samples }: Split, sample: number): string {
  const origin = samples.origin?.(sample)
  if (origin === undefined) return `${name} sample ${sample}`
  const { file, line, number } = origin
  if (number !== undefined) return `sample ${number} (${name}) of ${file}`
  return line === undefined ? file : `${file}:${line}`
}

/** Names that files hold, the first of them, in which control characters do no harm. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostPlaces).map((name) => `\`${escapeInLine(name)}\``)
  return names.length > mostPlaces ? `${shown.join(', ')} and ${names.length - mostPlaces} more` : shown.join(', ')
}
