/** What must hold for a composed spec: its plain spec, and the same network flattened by other code, have the same answers. */
import { checkText, type Analysis } from '../../../src/analyze.ts'
import type { ComposedSpec } from '../../../src/compose/compose.ts'
import { ComposedSource } from '../../../src/compose/composedSource.ts'
import {
  hasErrors,
  toJsonPointer,
  type Diagnostic,
  type Path,
  type SpecTexts,
} from '../../../src/diagnostics/diagnostic.ts'
import { describeUses } from '../../../src/diagnostics/mergeUses.ts'
import { formatShape } from '../../../src/language/dims.ts'
import { printExpanded } from '../../../src/compose/expandedSpec.ts'
import { parseSource } from '../../../src/source/source.ts'
import { SpecParser } from '../../../src/sweep/specParser.ts'
import { recoverSpec } from '../../../src/validation/recoverSpec.ts'
import { filesHost } from '../../../test/compose/filesHost.ts'
import { specFile, type SpreadSpec } from './spread.ts'

export interface ComposedComparison {
  /** What differs; undefined if nothing does. */
  readonly problem?: string
  readonly analysis?: Analysis
  /** Whether the spec expands, so that all comparisons were made. */
  readonly isExpanded: boolean
}

/** @param flat The plain spec that the fuzz expects. */
export function compareComposed(spec: SpreadSpec, flat?: string): ComposedComparison {
  let analysis: Analysis | undefined
  try {
    analysis = checkSpread(spec)
    const parser = new SpecParser(specFile, spec.settings, filesHost(spec.files))
    const composed = parser.parse({ text: spec.files[specFile]!, otherTexts: new Map() })
    const isExpanded = composed.diagnostics.length === 0
    const ofUnused = mistakesOfUnused(parser, composed)
    const problem =
      (isExpanded ? differenceToPlain(spec, analysis, ofUnused) : undefined) ??
      (flat === undefined ? undefined : differenceToFlat(analysis, checkText(flat, 'flat.yaml'), ofUnused, isExpanded))
    return { analysis, isExpanded, ...(problem !== undefined && { problem }) }
  } catch (error) {
    return { isExpanded: false, problem: `throws ${error instanceof Error ? error.stack : String(error)}` }
  }
}

/** The mistakes in blocks that nothing calls, which plain specs do not have. */
function mistakesOfUnused(parser: SpecParser, { unused, diagnostics }: ComposedSpec): readonly Diagnostic[] {
  if (unused === undefined) return []
  const parse = (texts: SpecTexts) => ({ source: parser.parse(texts).unused ?? unused, diagnostics })
  return recoverSpec(unused, parse).problems.map(describeUses)
}

function checkSpread({ files, settings }: SpreadSpec): Analysis {
  return checkText(files[specFile]!, specFile, { host: filesHost(files), settings })
}

/** Compares a spec with what `expand` prints of it: the same mistakes at the same origins, the same network, and nothing left to expand. */
function differenceToPlain(spec: SpreadSpec, analysis: Analysis, ofUnused: readonly Diagnostic[]): string | undefined {
  const { source } = analysis
  const plain = checkText(printExpanded(source), 'plain.yaml')
  const place = placesIn(spec)
  const placeOfPlain = ({ path }: Diagnostic) => {
    if (!(source instanceof ComposedSource)) return place(specFile, path)
    const origin = source.originOf(path)
    return place(origin.written.file, origin.path)
  }
  const placeOfComposed = ({ span, path }: Diagnostic) => place(span.file ?? specFile, path)
  const wrong = new Set(analysis.diagnostics.filter(isError).map(placeOfComposed))
  // A hint about one use of a value is not reported if the same value is wrong in another use.
  const describe = (diagnostics: readonly Diagnostic[], placeOfOne: (one: Diagnostic) => string) => {
    const kept = diagnostics.filter((one) => isError(one) || !wrong.has(placeOfOne(one)))
    return [...new Set(kept.map((one) => `${one.code} ${placeOfOne(one)}`))].toSorted()
  }
  const again = describe(plain.diagnostics, placeOfPlain)
  const unused = describe(ofUnused, placeOfComposed)
  const found = describe(analysis.diagnostics, placeOfComposed).filter(
    (one) => again.includes(one) || !unused.includes(one),
  )
  return (
    difference('diagnostics of the composed and of the plain spec', found, again) ??
    networkDifference(analysis, plain, true) ??
    difference(
      'the plain spec and what it expands to',
      [printExpanded(source, false)],
      [printExpanded(plain.source, false)],
    )
  )
}

/** Returns a function that describes a place of the files or of `--set`, up to what exists: a missing key is reported at the map around it. */
function placesIn({ files, settings }: SpreadSpec): (file: string, path: Path) => string {
  const roots = new Map(
    Object.entries(files).map(([file, text]) => [file, parseSource(text, file).source.value] as const),
  )
  const set = settings.map((one) => one.slice(0, one.indexOf('=')))
  return (file, path) => {
    const root = roots.get(file)
    if (root !== undefined) return `${file} ${toJsonPointer(existingPath(root, path))}`
    const keys = path.join('.')
    const around = set.findLast((one) => keys === one || keys.startsWith(`${one}.`) || one.startsWith(keys))
    return `${file} ${around ?? keys}`
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

/** The part of a path that leads to something: a missing key is reported at the map around it. */
function existingPath(root: unknown, path: Path): Path {
  let value = root
  for (const [index, step] of path.entries()) {
    const isHeld = value !== null && typeof value === 'object' && Object.hasOwn(value, step)
    if (!isHeld) return path.slice(0, index)
    value = (value as Readonly<Record<string | number, unknown>>)[step]
  }
  return path
}

/** Compares a spec with the plain one that the fuzz expects: the same codes, and the same network if it has no error. */
function differenceToFlat(
  analysis: Analysis,
  flat: Analysis,
  ofUnused: readonly Diagnostic[],
  isExpanded: boolean,
): string | undefined {
  // A layer that is written as a bare word has no options; the flat layers have names at least.
  const codeOf = (code: string) => (code === 'schema/options-required' ? 'schema/missing-key' : code)
  const codes = ({ diagnostics }: Analysis) => [...new Set(diagnostics.map(({ code }) => codeOf(code)))].toSorted()
  if (!isExpanded) return difference('a spec that should expand and nothing', codes(analysis), [])
  const again = codes(flat)
  const unused = new Set(ofUnused.map(({ code }) => codeOf(code)))
  const found = codes(analysis).filter((code) => again.includes(code) || !unused.has(code))
  return (
    difference('codes of the composed and of the flat spec', found, again) ?? networkDifference(analysis, flat, false)
  )
}

/** Compares the networks of two specs without errors: a misspelt type has another name in the plain spec. */
function networkDifference(analysis: Analysis, plain: Analysis, withNames: boolean): string | undefined {
  if (hasErrors(analysis.diagnostics)) return undefined
  return difference('networks', describeNodes(analysis, withNames), describeNodes(plain, withNames))
}

/** A line for each layer in the order of the spec: its type, shape, parameters and inputs, which are numbered unless names count. */
function describeNodes({ shaped }: Analysis, withNames = false): string[] {
  const nodes = shaped.nodes.toSorted((a, b) => placeOf(a.item.path) - placeOf(b.item.path))
  const labels = new Map(nodes.map(({ name }, index) => [name, withNames ? name : String(index)]))
  return nodes.map(({ name, layer, shape, params, trainableParams, inputs, applies }) => {
    const places = inputs.map((input) => labels.get(input))
    const shared = applies === undefined ? '' : ` applies ${labels.get(applies)}`
    const counts = `${params} parameters, ${trainableParams} trained`
    return `${labels.get(name)}: ${layer.type}${shared} of ${places.join(' and ')}: ${formatShape(shape)}, ${counts}`
  })
}

function placeOf(path: Path): number {
  return typeof path[1] === 'number' ? path[1] : -1
}

function difference(what: string, one: readonly string[], other: readonly string[]): string | undefined {
  if (one.join('\n') === other.join('\n')) return undefined
  const only = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line) => !others.includes(line)).slice(0, 5)
  return `${what} differ:\n  - ${only(one, other).join('\n  - ')}\n  + ${only(other, one).join('\n  + ')}`
}

/** Compares a spec that has one mistake which only composed specs can have: it is reported once, or never if nothing uses it. */
export function compareBroken(spec: SpreadSpec, code: string): string | undefined {
  try {
    const errors = checkSpread(spec).diagnostics.filter(({ severity }) => severity === 'error')
    const found = errors.map((one) => `${one.code} at ${toJsonPointer(one.path)}: ${one.message}`)
    return errors.length === 0 || (errors.length === 1 && errors[0]!.code === code)
      ? undefined
      : `one mistake of ${code} has ${errors.length} errors:\n  ${found.join('\n  ')}`
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : String(error)}`
  }
}
