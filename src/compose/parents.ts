/** Follows `extends` from a spec to its last parent, and merges them. */
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { settingsFile, type Path, type Span } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/didYouMean.ts'
import type { ParsedSource, SourceDocument } from '../source/source.ts'
import { yamlText } from '../source/edits.ts'
import { removed } from '../source/nodeReader.ts'
import { baseName, folderOf, isAbsolutePath, joinPaths } from '../system/paths.ts'
import { isMap } from './blocks.ts'
import type { Composition } from './composition.ts'
import { mergeSpecs } from './mergeSpecs.ts'
import { originInside, type Origin, type ParentFile, type Placed, type WrittenText } from './origins.ts'
import type { ReadParent } from './readParent.ts'

const mostParents = 32

/** A spec merged with all that it extends. */
export interface Extended {
  readonly root: Placed
  /** The parents from that of the spec on. */
  readonly parents: readonly ParentText[]
  /** The files of the parents, including one that could not be read. */
  readonly files: readonly string[]
  /** Whether a parent could not be read, so that values of the spec are missing. */
  readonly isBroken: boolean
}

/** The text of a parent as a place of values, with the diagnostics of the text. */
export class ParentText implements WrittenText {
  readonly file: string
  readonly text: string
  readonly parent: ParentFile
  readonly parsed: ParsedSource

  constructor(parsed: ParsedSource, extendedAt: Origin, folder: string) {
    const { source } = parsed
    this.parsed = parsed
    this.file = source.file
    this.text = source.text
    this.parent = { document: source, extendedAt, folder }
  }

  locateValue(path: Path): Span {
    return this.parsed.source.locateValue(path)
  }

  locateKey(path: Path): Span {
    return this.parsed.source.locateKey(path)
  }
}

/** Reads the parents of a spec, and merges it into them. Reports a parent that cannot be read. */
export function extendSpec(context: Composition, source: SourceDocument, read: ReadParent): Extended {
  const files: string[] = []
  const parents: ParentText[] = []
  const specs: Placed[] = [{ value: source.value, origin: { written: source, path: [] } }]
  for (let spec = specs[0]!; extendsOther(spec.value);) {
    const written = readParentOf(context, spec, files, read)
    if (written !== undefined) parents.push(written)
    const value = written?.parsed.source.value
    if (written === undefined || !isMap(value)) return { root: mergeAll(specs), parents, files, isBroken: true }
    spec = { value, origin: { written, path: [] } }
    specs.push(spec)
  }
  return { root: mergeAll(specs), parents, files, isBroken: false }
}

function extendsOther(spec: unknown): boolean {
  return isMap(spec) && Object.hasOwn(spec, 'extends')
}

/** Merges specs, each of which extends the next. */
function mergeAll(specs: readonly Placed[]): Placed {
  return specs.toReversed().reduce((parent, child) => mergeSpecs(parent, child))
}

/** @param files The files that were extended so far, to which the parent is added. */
function readParentOf(context: Composition, spec: Placed, files: string[], read: ReadParent): ParentText | undefined {
  const { extends: stated } = spec.value as { readonly extends: unknown }
  const place = originInside(spec.origin, 'extends')
  const file = fileOf(context, stated, place, files)
  if (file === undefined) return undefined
  files.push(file)
  const parsed = readOne(context, file, String(stated), place, read)
  return parsed && new ParentText(parsed, place, folderOfParent(place.written, String(stated)))
}

/** The folder of a parent, relative to that of the spec. */
function folderOfParent(child: WrittenText, path: string): string {
  return isAbsolutePath(path) ? folderOf(path) : joinPaths(child.parent?.folder ?? '', folderOf(path))
}

/** The file that `extends` names; undefined after reporting that it cannot be one. */
function fileOf(context: Composition, stated: unknown, place: Origin, files: readonly string[]): string | undefined {
  const help = 'a spec extends one file: `extends: ./parent.yaml`'
  if (typeof stated !== 'string' || stated === '') {
    context.report('schema/wrong-type', place, wrongType('`extends`', stated === removed ? null : stated, ['string']), {
      help,
    })
    return undefined
  }
  if (stated.startsWith('$')) {
    const message = '`extends` cannot be a reference, since variables are known only once parents are read'
    context.report('compose/bad-parent', place, message, { help: 'write the path of the file' })
    return undefined
  }
  const { file: from } = place.written
  const joined = isAbsolutePath(stated) ? stated : joinPaths(folderOf(from), stated)
  const file = joined === settingsFile ? `./${joined}` : joined
  if (file === from || file === joinPaths('', context.file) || files.includes(file)) {
    const message = file === from ? 'this spec extends itself' : `this spec extends itself: ${file} leads here again`
    context.report('compose/cycle', place, message, { help: 'remove `extends` from one of these files' })
    return undefined
  }
  if (files.length === mostParents) {
    const message = `this is the ${mostParents + 1}st file that the spec extends; the limit is ${mostParents}`
    context.report('compose/too-large', place, message, { help: 'merge some of the files' })
    return undefined
  }
  return file
}

function readOne(
  context: Composition,
  file: string,
  stated: string,
  place: Origin,
  read: ReadParent,
): ParsedSource | undefined {
  const found = read(file)
  if (!('problem' in found)) return found
  const { problem, help, isUnknown, neighbours = [] } = found
  const near = didYouMean(baseName(file), neighbours)
  const meant = near === undefined ? undefined : stated.slice(0, stated.length - baseName(stated).length) + near
  context.report('compose/bad-parent', place, problem, {
    help: meant === undefined ? help : `did you mean \`${meant}\`?`,
    ...(isUnknown === true && { severity: 'warning' }),
    fixes:
      meant === undefined
        ? []
        : [
            {
              kind: 'suggestion',
              title: `extend \`${meant}\``,
              edits: [
                {
                  span: place.written.locateValue(place.path),
                  newText: /^[\w./-]+$/.test(meant) ? meant : yamlText(meant),
                },
              ],
            },
          ],
  })
  return undefined
}
