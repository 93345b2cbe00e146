/** The document of a composed spec: its value is the plain spec, and its spans are those of the spec as written. */
import type { Node, Pair } from 'yaml'
import type { Path, RelatedPlace, Span, Uses } from '../diagnostics/diagnostic.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { mostChainsOf } from '../diagnostics/mergeUses.ts'
import type { Completeness, SourceDocument, WrittenPlace } from '../source/source.ts'
import type { StructureList } from './structure.ts'
import { keySpan, originAt, valueSpan, type Origin, type Use, type UsedName, type WrittenText } from './origins.ts'

export interface ComposedParts {
  readonly written: SourceDocument
  readonly value: unknown
  readonly origin: Origin
  /** The texts of other files that values come from, by the name of the file. */
  readonly otherTexts: ReadonlyMap<string, string>
  /** The paths of the expanded spec whose values are unknown. */
  readonly unknown: readonly Path[]
  /** The files that the spec extends. */
  readonly parents: readonly string[]
  readonly completeness: Completeness
  /** Returns the number of copies that the expanded spec has of what was written at `path`. */
  copiesOf(origin: Origin): number
  structure(): StructureList
}

/** The largest number of names whose values a diagnostic shows. */
const mostNames = 3

/** The largest number of calls and repeats that a diagnostic shows, the innermost first. */
const mostCalls = 10

/** The largest number of files that a diagnostic shows between the origin and the spec. */
const mostParents = 4

export class ComposedSource implements SourceDocument {
  readonly file: string
  readonly text: string
  readonly value: unknown
  readonly unknown: readonly Path[]
  readonly written: SourceDocument
  private readonly parts: ComposedParts
  private knownStructure: StructureList | undefined

  constructor(parts: ComposedParts) {
    this.parts = parts
    this.written = parts.written
    this.file = parts.written.file
    this.text = parts.written.text
    this.value = parts.value
    this.unknown = parts.unknown
  }

  writtenAt(path: Path): WrittenPlace | undefined {
    const { written, path: place } = this.originOf(path)
    const document = written.parent?.document ?? (written === this.written ? this.written : undefined)
    return document && { document, path: place }
  }

  get parents(): readonly string[] {
    return this.parts.parents
  }

  get completeness(): Completeness {
    return this.parts.completeness
  }

  originOf(path: Path): Origin {
    return originAt(this.parts.origin, path)
  }

  /** How the layers were written, computed when it is first needed. */
  get structure(): StructureList {
    this.knownStructure ??= this.parts.structure()
    return this.knownStructure
  }

  get otherTexts(): ReadonlyMap<string, string> {
    return this.parts.otherTexts
  }

  locateValue(path: Path): Span {
    return valueSpan(this.originOf(path), this.file)
  }

  locateKey(path: Path): Span {
    return keySpan(this.originOf(path), this.file)
  }

  nodeAt(path: Path): Node | undefined {
    const place = this.writtenAt(path)
    return place?.document.nodeAt(place.path)
  }

  pairAt(path: Path): Pair | undefined {
    const place = this.writtenAt(path)
    return place?.document.pairAt(place.path)
  }

  usesOf(path: Path): Uses {
    const origin = this.originOf(path)
    return usesOfOrigin(origin, this.file, this.parts.copiesOf(origin))
  }
}

/** Returns how the layers of a composed spec were written; undefined for a plain one. */
export function structureOf(source: SourceDocument): StructureList | undefined {
  return source instanceof ComposedSource ? source.structure : undefined
}

/** Describes an origin for a diagnostic of the spec in `file`. */
function usesOfOrigin(origin: Origin, file: string, copies: number): Uses {
  const { path, names = [], use } = origin
  const chain = [...placesOfNames(names, file), ...placesOfUse(use, file)]
  const reference = referenceOf(origin, file)
  return {
    path,
    users: new Set(use === undefined ? [] : [use]),
    copies,
    chains: chain.length === 0 ? [] : [chain],
    parents: placesOfParents(origin.written, file),
    ...(reference && { reference }),
  }
}

/** Describes a problem that several uses have. */
export function usesOfProblem(place: Origin, problemUses: readonly Use[], file: string, copies: number): Uses {
  const [first, ...others] = problemUses
  const uses = usesOfOrigin({ ...place, ...(first && { use: first }) }, file, copies)
  const users = new Set(problemUses)
  const most = mostChainsOf(users.size, copies)
  const chains = others.slice(0, most - 1).map((use) => usesOfOrigin({ ...place, use }, file, copies).chains[0] ?? [])
  return { ...uses, users, chains: [...uses.chains, ...chains] }
}

function placesOfNames(names: readonly UsedName[], file: string): RelatedPlace[] {
  return names
    .slice(0, mostNames)
    .flatMap(({ name, value, origin }) => [
      { message: `\`${name}\` is ${showValue(value)} here`, span: valueSpan(origin, file) },
      ...placesOfNames(origin.names ?? [], file),
    ])
}

function placesOfUse(use: Use | undefined, file: string): RelatedPlace[] {
  const places: RelatedPlace[] = []
  for (let one = use; one !== undefined && places.length < mostCalls; one = one.outer) {
    places.push({ message: one.label, span: keySpan(one.origin, file) })
  }
  return places
}

/** The places of `extends` that lead to a text, from the nearest to that in the spec: of many, the first ones and the last. */
export function placesOfParents({ parent }: WrittenText, file: string): RelatedPlace[] {
  const places: RelatedPlace[] = []
  for (let one = parent; one !== undefined; one = one.extendedAt.written.parent) {
    places.push({ message: 'extended here', span: valueSpan(one.extendedAt, file) })
  }
  return places.length > mostParents ? [...places.slice(0, mostParents - 1), places.at(-1)!] : places
}

/** Follows `$name` to the text that it stands for. */
function referenceOf(origin: Origin, file: string): Uses['reference'] {
  const [first] = origin.names ?? []
  let last = first
  while (last?.isWhole === true && last.origin.names !== undefined) last = last.origin.names[0]
  if (first?.isWhole !== true || last?.isWhole !== true) return undefined
  return { name: first.name, span: valueSpan(origin, file), definition: valueSpan(last.origin, file) }
}
