/**
 * The phase between source and validation: expands what makes a spec short, and returns a document whose value is the plain
 * spec. Its spans and nodes are those of the spec as written, so later phases need not know how the spec was composed.
 */
import { severityOf } from '../diagnostics/codes.ts'
import { noOtherTexts, type Path, type TracedDiagnostic } from '../diagnostics/diagnostic.ts'
import type { ParsedSource, SourceDocument } from '../source/source.ts'
import { isMap, readBlocks, repeatType } from './blocks.ts'
import { ComposedSource, inFile, keySpan, usesOfProblem, valueSpan } from './composedSource.ts'
import { Composition, type Problem } from './composition.ts'
import { expandLayers } from './expandLayers.ts'
import { expandValue, isReference, mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { originInside, type Origin } from './origins.ts'
import { applySettings, assign, type Assignment, type Placed, type SettingsText } from './settings.ts'
import { readVariables } from './variables.ts'

/** The sections that exist only in specs as written. */
const composingKeys: ReadonlySet<string> = new Set(['vars', 'blocks', 'sweep'])

export interface ComposedSpec extends ParsedSource {
  /** Whether it has the values of a trial. */
  readonly isTrial?: boolean
  /** The section `sweep`, which is not part of the plain spec, and the spec as written, with the settings. */
  readonly sweep?: { readonly section: Placed; readonly root: Placed }
}

/**
 * Expands a spec. A spec without any composition is returned as it is.
 *
 * @param settings The values of the command line, which override those of the spec.
 * @param trial The values of a trial of the sweep, which override those of the spec as well.
 * @throws KnownError if a setting does not fit the spec.
 */
export function compose(
  parsed: ParsedSource,
  settings?: SettingsText,
  trial: readonly Assignment[] = [],
): ComposedSpec {
  const { source } = parsed
  if (!isMap(source.value) || (settings === undefined && !isComposed(source))) return parsed
  const context = new Composition()
  const given = override({ value: source.value, origin: { written: source, path: [] } }, settings, trial)
  const root = given.value as Readonly<Record<string, unknown>>
  const place: Origin = given.origin
  const scope = readVariables(context, root['vars'], originInside(place, 'vars'))
  const blocks = readBlocks(context, root['blocks'], originInside(place, 'blocks'))
  const inside = new Map<string | number, Origin>(place.inside)
  const list = originInside(place, 'layers')
  const items = Array.isArray(root['layers']) ? (root['layers'] as readonly unknown[]) : []
  const { layers, structure } = expandLayers(context, blocks, items, list, scope)
  inside.set('layers', { ...list, inside: new Map(layers.origins.entries()) })
  const entries = Object.entries(root).flatMap(([key, value]) => {
    if (composingKeys.has(key)) return []
    if (key.startsWith('x-')) return [[key, value] as const]
    if (key === 'layers' && Array.isArray(value)) return [[key, layers.values] as const]
    const expanded = expandValue(context, value, originInside(place, key), scope)
    if (!expanded.isPlain) inside.set(key, expanded.origin)
    return [[key, expanded.value] as const]
  })
  const known = context.problems.length === 0 ? { value: mapOf(entries), places: [] } : withoutUnknown(mapOf(entries))
  const copiesOf = (origin: Origin) => layers.copiesOf(origin)
  const composed = new ComposedSource({
    written: source,
    value: known.value,
    origin: { ...place, inside },
    otherTexts: settings === undefined ? noOtherTexts : new Map([[settings.file, settings.text]]),
    unknown: known.places,
    copiesOf,
    structure,
  })
  const problems = context.problems.map((problem) => asDiagnostic(problem, source.file, copiesOf))
  const sweep = Object.hasOwn(root, 'sweep') && {
    section: { value: root['sweep'], origin: originInside(place, 'sweep') },
    root: given,
  }
  return { source: composed, diagnostics: [...parsed.diagnostics, ...problems], ...(sweep && { sweep }) }
}

/** Applies the values of a trial and the settings, which override both. A setting may choose the part that the trial changes. */
function override(written: Placed, settings: SettingsText | undefined, trial: readonly Assignment[]): Placed {
  const apply = (placed: Placed) => (settings === undefined ? placed : applySettings(placed, settings))
  return trial.length === 0 ? apply(written) : apply(trial.reduce(assign, apply(written)))
}

/** Whether the spec has anything to expand. */
function isComposed({ value, text }: SourceDocument): boolean {
  return (
    Object.keys(value as object).some((key) => composingKeys.has(key)) ||
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
  const { related = [], fixes = [], help, atKey } = options
  const whole = atKey ? keySpan(place, file) : valueSpan(place, file)
  return {
    code,
    severity: severityOf(code),
    message,
    path: place.path,
    span: span === undefined ? whole : inFile(span, place.written, file),
    related,
    // Only the spec itself is edited.
    fixes: whole.file === undefined ? fixes : [],
    ...(help !== undefined && { help }),
    uses: usesOfProblem(place, uses, file, copiesOf(place)),
  }
}
