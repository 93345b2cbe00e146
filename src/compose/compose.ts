/**
 * The phase between source and validation: expands what makes a spec short, and returns a document whose value is the plain
 * spec. Its spans and nodes are those of the spec as written, so later phases need not know how the spec was composed.
 */
import { severityOf } from '../diagnostics/codes.ts'
import { settingsFile, type Fix, type Path, type TextEdit, type TracedDiagnostic } from '../diagnostics/diagnostic.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { removeTag } from '../source/nodeReader.ts'
import type { Completeness, ParsedSource, SourceDocument } from '../source/source.ts'
import { isMap, readBlocks, repeatType } from './blocks.ts'
import { ComposedSource, placesOfParents, usesOfProblem } from './composedSource.ts'
import { composingKeys } from './composingKeys.ts'
import { Composition, type Problem } from './composition.ts'
import { expandLayers, structureOfLayers } from './expandLayers.ts'
import { expandValue, isReference, mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { withoutMarkers } from './mergeSpecs.ts'
import { inFile, keySpan, originInside, valueSpan, type Origin, type Placed } from './origins.ts'
import { applyOverrides } from './overrides.ts'
import { extendSpec, type Extended, type ParentText } from './parents.ts'
import { createParentReader, type ReadParent } from './readParent.ts'
import { relocatePaths } from './relocatePaths.ts'
import { applySettings, assign, isOfLayer, overrideOf, type Assignment, type SettingsText } from './settings.ts'
import type { StructureList } from './structure.ts'
import { expandUnusedBlocks } from './unusedBlocks.ts'
import { readVariables } from './variables.ts'

export interface ComposeOptions {
  /** The values of the command line, which override those of the spec. */
  readonly settings?: SettingsText | undefined
  /** The values of a trial of the sweep, which override those of the spec as well. */
  readonly trial?: readonly Assignment[] | undefined
  /** Reads the files that the spec extends. Without it, a parent is unknown, which is reported. */
  readonly readParent?: ReadParent | undefined
}

export interface ComposedSpec extends ParsedSource {
  /** Whether it has the values of a trial. */
  readonly isTrial?: boolean
  /** The section `sweep`, which is not part of the plain spec, and the spec as written, with the settings. */
  readonly sweep?: { readonly section: Placed; readonly root: Placed }
  /** The blocks that nothing calls, as a spec of their layers, which has no graph. */
  readonly unused?: SourceDocument | undefined
}

/**
 * Expands a spec. A spec without any composition is returned as it is.
 *
 * @throws KnownError if a setting does not fit the spec.
 */
export function compose(
  parsed: ParsedSource,
  { settings, trial = [], readParent = createParentReader(undefined) }: ComposeOptions = {},
): ComposedSpec {
  const { source } = parsed
  if (!isMap(source.value) || (settings === undefined && !isComposed(source))) return parsed
  const context = new Composition(source)
  const extended = extendSpec(context, source, readParent)
  const given = assignAll(extended, settings, trial)
  const root = withoutRootMarkers(context, given, source, extended)
  const ofLayers = [...trial, ...(settings?.settings ?? [])].filter(isOfLayer).map(overrideOf)
  const expanded = expandSpec(context, root, ofLayers, extended.isBroken)
  const isKnown = context.problems.length === 0 && expanded.completeness === 'complete'
  const known = isKnown ? { value: expanded.value, places: [] } : withoutUnknown(expanded.value)
  const texts = extended.parents.map(({ file, text }) => [file, text] as const)
  const otherTexts = new Map(settings === undefined ? texts : [...texts, [settings.file, settings.text]])
  const common = { ...expanded, written: source, otherTexts, parents: extended.files }
  const composed = new ComposedSource({ ...common, value: known.value, unknown: known.places })
  const { value: unusedValue, places: unusedPlaces } = withoutUnknown(expanded.unused?.value)
  const unused =
    expanded.unused &&
    new ComposedSource({
      ...common,
      origin: expanded.unused.origin,
      value: unusedValue,
      unknown: unusedPlaces,
      copiesOf: () => 1,
    })
  const problems = context.problems.map((problem) => asDiagnostic(problem, source.file, expanded.copiesOf))
  const inParents = extended.parents.flatMap((parent) => diagnosticsOf(parent, source.file))
  const sections = root.value as Readonly<Record<string, unknown>>
  const sweep = Object.hasOwn(sections, 'sweep') && {
    section: { value: sections['sweep'], origin: originInside(root.origin, 'sweep') },
    root,
  }
  const diagnostics = [...parsed.diagnostics, ...inParents, ...problems]
  return { source: composed, diagnostics, unused, ...(sweep && { sweep }) }
}

/** Applies the values of a trial and the settings, which override both. A setting may choose the part that the trial changes. */
function assignAll(
  { root: written, isBroken }: Extended,
  settings: SettingsText | undefined,
  trial: readonly Assignment[],
): Placed {
  const apply = (placed: Placed) => (settings === undefined ? placed : applySettings(placed, settings, isBroken))
  const ofSpec = trial.filter((one) => !isOfLayer(one))
  return ofSpec.length === 0 ? apply(written) : apply(ofSpec.reduce(assign, apply(written)))
}

interface ExpandedSpec {
  readonly value: unknown
  readonly origin: Origin
  readonly completeness: Completeness
  copiesOf(origin: Origin): number
  /** The layers of blocks that nothing calls, as a spec. */
  readonly unused: Placed | undefined
  structure(): StructureList
}

/** @param ofLayers Options of layers that are merged after those of the section `override`. */
function expandSpec(
  context: Composition,
  { value, origin: place }: Placed,
  ofLayers: readonly Placed[],
  isBroken: boolean,
): ExpandedSpec {
  const root = value as Readonly<Record<string, unknown>>
  const isAbstract = readAbstract(context, root['abstract'], originInside(place, 'abstract'))
  const isIncomplete = isAbstract || isBroken
  const scope = readVariables(context, root['vars'], originInside(place, 'vars'), isIncomplete)
  const blocks = readBlocks(context, root['blocks'], originInside(place, 'blocks'), isBroken)
  const list = originInside(place, 'layers')
  const items = Array.isArray(root['layers']) ? (root['layers'] as readonly unknown[]) : []
  const section = { value: root['override'], origin: originInside(place, 'override') }
  const overrides = [...(section.value === undefined ? [] : [section]), ...ofLayers]
  const written = { blocks, items, list, scope }
  const layers = expandLayers(context, written, overrides.length > 0)
  const unused = layers.isTooLarge ? undefined : expandUnusedBlocks(context, written, layers.used)
  const lacksLayers = isBroken || !Array.isArray(root['layers']) || layers.isTooLarge
  for (const one of overrides) applyOverrides({ context, layers, scope, isIncomplete: lacksLayers }, one)
  const inside = new Map<string | number, Origin>(place.inside)
  inside.set('layers', { ...list, inside: new Map(layers.origins.entries()) })
  const entries = Object.entries(root).flatMap(([key, stated]) => {
    if (composingKeys.has(key)) return []
    if (key.startsWith('x-')) return [[key, stated] as const]
    if (key === 'layers' && Array.isArray(stated)) return [[key, layers.values] as const]
    const one = expandValue(context, stated, originInside(place, key), scope)
    if (!one.isPlain) inside.set(key, one.origin)
    return [[key, relocatePaths(key, one)] as const]
  })
  const missing = ['layers', ...(isAbstract ? ['name'] : [])].filter((key) => isIncomplete && !Object.hasOwn(root, key))
  return {
    value: mapOf([...entries, ...missing.map((key) => [key, unknown] as const)]),
    origin: { ...place, inside },
    completeness: isBroken ? 'parent missing' : isAbstract ? 'abstract' : 'complete',
    copiesOf: (origin) => layers.copiesOf(origin),
    unused: unused && {
      value: mapOf([
        ['name', 'unused'],
        ['layers', unused.values],
      ]),
      origin: { ...place, inside: new Map([['layers', { ...list, inside: new Map(unused.origins.entries()) }]]) },
    },
    structure: () => structureOfLayers(layers.isTooLarge ? { ...written, items: [] } : written, layers.overridden),
  }
}

function readAbstract(context: Composition, stated: unknown, place: Origin): boolean {
  if (stated === undefined || typeof stated === 'boolean') return stated === true
  const help = 'write `abstract: true` in a spec that is only there to be extended'
  context.report('schema/wrong-type', place, wrongType('`abstract`', stated, ['boolean']), { help })
  return true
}

/** Removes what is left of `!remove`, except in `override`, where it removes options of layers. */
function withoutRootMarkers(
  context: Composition,
  given: Placed,
  source: SourceDocument,
  { parents, isBroken }: Extended,
): Placed {
  if (![source, ...parents].some(({ text }) => text.includes(removeTag))) return given
  const { override, ...others } = given.value as Readonly<Record<string, unknown>>
  const value = withoutMarkers(context, { ...given, value: others }, !isBroken) as Record<string, unknown>
  return { ...given, value: override === undefined ? value : mapOf([...Object.entries(value), ['override', override]]) }
}

/** Whether the spec has anything to expand. */
function isComposed({ value, text }: SourceDocument): boolean {
  return (
    Object.keys(value as object).some((key) => composingKeys.has(key)) ||
    text.includes(removeTag) ||
    (text.includes('$') && hasReference(value)) ||
    hasComposingLayer(value as object)
  )
}

/** Whether a layer of the spec is a repeat, or has a condition. */
function hasComposingLayer({ layers }: { readonly layers?: unknown }): boolean {
  return (
    Array.isArray(layers) &&
    layers.some((item: unknown) => {
      if (!isMap(item)) return item === repeatType
      const [[type, options] = ['', null]] = Object.entries(item)
      return type === repeatType || (isMap(options) && Object.hasOwn(options, 'if'))
    })
  )
}

function hasReference(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return isReference(value)
  return Object.entries(value).some(([key, inner]) => !key.startsWith('x-') && hasReference(inner))
}

/** Replaces unknown values with null, and returns their places. */
function withoutUnknown(value: unknown): { readonly value: unknown; readonly places: readonly Path[] } {
  const places: Path[] = []
  const visit = (one: unknown, path: Path): unknown => {
    if (one === unknown) {
      places.push(path)
      return null
    }
    if (Array.isArray(one)) return one.map((item, index) => visit(item, [...path, index]))
    if (one === null || typeof one !== 'object') return one
    return mapOf(Object.entries(one).map(([key, inner]) => [key, visit(inner, [...path, key])] as const))
  }
  return { value: visit(value, []), places }
}

export function asDiagnostic(
  { code, place, message, options, span, uses }: Problem,
  file: string,
  copiesOf: (origin: Origin) => number,
): TracedDiagnostic {
  const { severity = severityOf(code), related = [], fixes = [], help, atKey } = options
  const whole = atKey ? keySpan(place, file) : valueSpan(place, file)
  return {
    code,
    severity,
    message,
    path: place.path,
    span: span === undefined ? whole : inFile(span, place.written, file),
    related,
    fixes: fixesIn(whole.file, fixes),
    ...(help !== undefined && { help }),
    uses: usesOfProblem(place, uses, file, copiesOf(place)),
  }
}

/** Fixes of what is written in a file. The command line cannot be edited. */
function fixesIn(file: string | undefined, fixes: readonly Fix[]): readonly Fix[] {
  if (file === undefined || file === settingsFile) return file === undefined ? fixes : []
  const inThis = ({ span, newText }: TextEdit): TextEdit => ({ span: { ...span, file }, newText })
  return fixes.map((fix) => ({ ...fix, edits: fix.edits.map(inThis) }))
}

/** The diagnostics of the text of a parent, with the places that extend it. */
function diagnosticsOf(written: ParentText, spec: string): TracedDiagnostic[] {
  return written.parsed.diagnostics.map((one) => ({
    ...one,
    span: inFile(one.span, written, spec),
    related: [...one.related, ...placesOfParents(written, spec)],
    fixes: fixesIn(written.file, one.fixes),
  }))
}
