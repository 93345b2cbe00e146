/**
 * Records where the values of an expanded spec were written. Most values are where their parent is, so an origin lists only
 * the values inside it that came from elsewhere.
 */
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from '../source/source.ts'

/** A text in which values of a spec were written: the spec itself, a file that it extends, or the options of the command line. */
export interface WrittenText {
  readonly file: string
  readonly text: string
  locateValue(path: Path): Span
  locateKey(path: Path): Span
  /** For a file that a spec extends: how it is reached. */
  readonly parent?: ParentFile
}

/** A file that a spec extends, itself or through other files. */
export interface ParentFile {
  readonly document: SourceDocument
  /** Where `extends` names it. */
  readonly extendedAt: Origin
  /** The folder of the file, relative to that of the spec. */
  readonly folder: string
}

/** A value with its origin, before it is expanded. */
export interface Placed {
  readonly value: unknown
  readonly origin: Origin
}

export interface Origin {
  readonly written: WrittenText
  /** The path in the text as written. */
  readonly path: Path
  /** The origins of the values inside that were not written under the same key below `path`. */
  readonly inside?: ReadonlyMap<string | number, Origin>
  /** For a reference to a list or a map: where that was written, and so the values inside. */
  readonly content?: Origin
  /** The variables and parameters from which the value was computed. */
  readonly names?: readonly UsedName[]
  /** The call or iteration that made a copy of what was written. */
  readonly use?: Use
}

export interface UsedName {
  readonly name: string
  readonly value: unknown
  /** Where its value was written. */
  readonly origin: Origin
  /** Whether the name is all that was written, as in `$width`, so that its value could be written in its place. */
  readonly isWhole: boolean
}

/** One use of a block, or one iteration of a `repeat`, inside another use if it is nested. */
export interface Use {
  /** Where the call or the repeat was written. */
  readonly origin: Origin
  readonly label: string
  readonly outer?: Use | undefined
}

/** A value after composition. */
export interface Expanded {
  readonly value: unknown
  readonly origin: Origin
  /** The number of values in it. */
  readonly size: number
  /** Whether `value` is what was written. */
  readonly isPlain: boolean
}

/** Finds the origin of the value at `path`. Its own path may lead to a value that does not exist. */
export function originAt(root: Origin, path: Path): Origin {
  let [origin, use] = [root, root.use]
  for (const [index, step] of path.entries()) {
    let next = origin.inside?.get(step)
    while (next === undefined && origin.content !== undefined) {
      origin = origin.content
      next = origin.inside?.get(step)
    }
    if (next === undefined) {
      return { written: origin.written, path: [...origin.path, ...path.slice(index)], ...(use && { use }) }
    }
    origin = next
    use = next.use ?? use
  }
  return origin.use === use ? origin : { ...origin, ...(use && { use }) }
}

/** The origin of a value directly inside another, before any of them is expanded. */
export function originInside(origin: Origin, step: string | number): Origin {
  return origin.inside?.get(step) ?? { written: origin.written, path: [...origin.path, step] }
}

/** The span of a value as written. It names its file if that is not `file`, the spec. */
export function valueSpan({ written, path }: Origin, file: string): Span {
  return inFile(written.locateValue(path), written, file)
}

export function keySpan({ written, path }: Origin, file: string): Span {
  return inFile(written.locateKey(path), written, file)
}

export function inFile(span: Span, written: WrittenText, file: string): Span {
  return written.file === file ? span : { ...span, file: written.file }
}
