/** Applies `override`: merges options into layers, which it names as they are called after expansion. */
import { isScalar } from 'yaml'
import type { Fix } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { addEntry, yamlText } from '../source/edits.ts'
import { removed } from '../source/nodeReader.ts'
import { isMap } from './blocks.ts'
import { shapeOfLayer } from './choices.ts'
import type { Composition } from './composition.ts'
import { expandValue, mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import type { LayerItem } from './layerItems.ts'
import type { LayerList } from './layerList.ts'
import { mergeValues, reportMarker, withoutMarkers } from './mergeSpecs.ts'
import { keySpan, originAt, originInside, type Origin, type Placed } from './origins.ts'
import type { Scope } from './scope.ts'

/** The largest number of layers whose names are compared with an unknown one. */
const mostCompared = 10_000

/** What `override` needs to know of the composition. */
export interface Overriding {
  readonly context: Composition
  readonly layers: LayerList
  /** The scope of the spec, whose variables the options may use. */
  readonly scope: Scope
  /** Whether layers may be missing because a parent is, so that unknown names are not reported. */
  readonly isIncomplete: boolean
}

/** Applies one map from names of layers to options. */
export function applyOverrides(overriding: Overriding, { value, origin }: Placed): void {
  const { context } = overriding
  if (value === undefined || value === null) return
  if (!isMap(value)) {
    const help = 'write the options under the names of layers: `override: { head: { units: 20 } }`'
    context.report('schema/wrong-type', origin, wrongType('`override`', value, ['object']), { help })
    return
  }
  for (const [name, options] of Object.entries(value)) {
    if (!name.startsWith('x-')) overrideLayer(overriding, name, { value: options, origin: originInside(origin, name) })
  }
}

function overrideLayer(overriding: Overriding, name: string, over: Placed): void {
  const { context, layers, scope } = overriding
  const index = findLayer(overriding, name, over.origin)
  if (index === undefined) return
  const expanded = over.value === removed ? over : expandValue(context, over.value, over.origin, scope)
  const options = expanded.value
  if (options === null || options === unknown) return
  if (!isMap(options)) {
    if (options === removed) return reportMarker(context, over.origin)
    const help = `write its options: \`${name}: { trainable: false }\``
    context.report('schema/wrong-type', over.origin, wrongType(`\`${name}\``, options, ['object']), { help })
    return
  }
  if (Object.hasOwn(options, 'name')) {
    const message = '`override` cannot change the name of a layer'
    const help = 'name the layer where it is written'
    context.report('schema/unknown-key', originAt(expanded.origin, ['name']), message, { atKey: true, help })
    return
  }
  const { type } = layers.layers[index]!
  const { [type]: stated } = isMap(layers.values[index]) ? layers.values[index] : {}
  const layerOrigin = layers.origins[index]!
  const optionsOrigin = originAt(layerOrigin, isMap(layers.values[index]) ? [type] : [])
  const base = { value: isMap(stated) ? stated : mapOf([]), origin: optionsOrigin }
  const merged = mergeValues(base, expanded, shapeOfLayer(type))
  const value = withoutMarkers(context, merged, true)
  layers.values[index] = mapOf([[type, value]])
  layers.overridden.add(name)
  const inside = new Map(Object.keys(value as object).map((key) => [key, originAt(merged.origin, [key])]))
  layers.origins[index] = { ...layerOrigin, inside: new Map([[type, { ...optionsOrigin, inside }]]) }
}

/** The index of the layer that has a name for sure; undefined after reporting that it is missing. */
function findLayer({ context, layers, isIncomplete }: Overriding, name: string, place: Origin): number | undefined {
  const steps = name.split('/')
  const prefixes = steps.map((_step, index) => steps.slice(0, index + 1).join('/'))
  const numbered = prefixes.flatMap((prefix) => layers.numbered.get(prefix) ?? [])[0]
  if (numbered !== undefined) {
    reportNumbered(context, name, numbered, place)
    return undefined
  }
  const found = layers.indexOf(name)
  if (found !== undefined || isIncomplete || layers.broken.has(name)) return found
  const known = layers.layers.slice(0, mostCompared).flatMap((layer) => layer?.name ?? [])
  const meant = didYouMean(name, known)
  const edits = [{ span: place.written.locateKey(place.path), newText: yamlText(meant) }]
  context.report('compose/unknown-layer', place, `there is no layer named \`${name}\``, {
    atKey: true,
    help:
      meant === undefined
        ? `its names are those after expansion, which \`shapewright summary\` lists: ${listWords(known.slice(0, 8), 'and')}`
        : `did you mean \`${meant}\`?`,
    fixes: meant === undefined ? [] : [{ kind: 'suggestion', title: `replace \`${name}\` with \`${meant}\``, edits }],
  })
  return undefined
}

function reportNumbered(
  context: Composition,
  name: string,
  { type, name: own, ...item }: LayerItem,
  place: Origin,
): void {
  const message = `\`${name}\` is an automatic name: which layer has it depends on the other layers of type \`${type}\``
  context.report('compose/ambiguous-name', place, message, {
    atKey: true,
    help: `name the layer where it is written: \`${type}: { name: ${own} }\``,
    related: [{ message: `\`${own}\` is written here`, span: keySpan(item.optionsOrigin, context.file) }],
    fixes: item.origin.written === place.written ? fixesOfName(context, type, own, item.origin) : [],
  })
}

/** The fix that states the automatic name of a layer. */
function fixesOfName(context: Composition, type: string, name: string, { written, path }: Origin): Fix[] {
  const document = context.documentOf(written)
  const node = document?.nodeAt(path)
  const edits =
    document === undefined || node === undefined
      ? undefined
      : isScalar(node)
        ? [{ span: document.locateValue(path), newText: `${type}: { name: ${name} }` }]
        : addEntry(document, [...path, type], 'name', name)
  return edits ? [{ kind: 'suggestion', title: `name the layer \`${name}\``, edits }] : []
}
