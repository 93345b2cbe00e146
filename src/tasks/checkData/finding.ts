/** The findings of the checks of a dataset's samples, before they have a position in a spec. */
import type { Values } from '../../script/samples.ts'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { DataPlace, Evidence, Severity } from '../../diagnostics/diagnostic.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import type { Samples } from '../../runtime/data/samples.ts'

export interface DataFinding {
  readonly code: DiagnosticCode
  /** Overrides the usual severity of the code. */
  readonly severity?: Severity
  readonly message: string
  readonly help: string
  readonly evidence?: Evidence
}

/** The names of the splits. */
export type SplitName = 'train' | 'validation' | 'test'

export interface Split {
  readonly name: SplitName
  readonly samples: Samples
}

/** The words for the splits in messages, before `samples`. */
export const splitWords: Readonly<Record<SplitName, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
}

/** A check that is given all samples. */
export interface SampleCheck {
  /** Called once for each sample, split by split, with its values before scaling. */
  take(split: Split, sample: number, values: Values): void
  /** Returns the findings after all samples were taken. */
  findings(): DataFinding[]
}

/** The most places that one finding lists. */
const mostPlaces = 10

/** Collects places in the data: keeps the first ones and counts all. */
export class Places {
  readonly #places: DataPlace[] = []
  #count = 0

  /** @param describe Called for the first places only. */
  add(describe: () => DataPlace): void {
    if (this.#count < mostPlaces) this.#places.push(describe())
    this.#count++
  }

  get count(): number {
    return this.#count
  }

  get evidence(): Evidence {
    return { places: this.#places, more: this.#count - this.#places.length }
  }
}

/** The place of a sample, with a message about it. */
export function placeOf({ name, samples }: Split, sample: number, message: string): DataPlace {
  const origin = samples.origin?.(sample)
  if (origin === undefined) return { message: `${name} sample ${sample}: ${message}` }
  const { file, line, number } = origin
  if (number !== undefined) return { file, message: `sample ${number} (${name}): ${message}` }
  return { file, ...(line !== undefined && { line }), message }
}

/** Names a sample within a sentence. */
export function nameSample({ name, samples }: Split, sample: number): string {
  const origin = samples.origin?.(sample)
  if (origin === undefined) return `${name} sample ${sample}`
  const { file, line, number } = origin
  if (number !== undefined) return `sample ${number} (${name}) of ${file}`
  return line === undefined ? file : `${file}:${line}`
}

/** Lists the first names that were read from files, with control characters escaped. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostPlaces).map((name) => `\`${escapeInLine(name)}\``)
  return names.length > mostPlaces ? `${shown.join(', ')} and ${names.length - mostPlaces} more` : shown.join(', ')
}

/** The column of an element, or its index in the sample: `value [3, 0, 1]`. */
export function nameElement({ samples: { sampleShape, inputNames } }: Split, element: number): string {
  const name = inputNames?.[element]
  if (name !== undefined) return `\`${name}\``
  let rest = element
  const places = sampleShape.toReversed().map((length) => {
    const place = rest % length
    rest = Math.floor(rest / length)
    return place
  })
  return places.length === 1 ? `value ${element}` : `value [${places.toReversed().join(', ')}]`
}
