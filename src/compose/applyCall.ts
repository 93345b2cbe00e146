/** Applies all layers of a call again, so that both share their weights: `apply: { layer: tower, inputs: right }`. */
import { countOf } from '../diagnostics/formatCount.ts'
import type { Composition } from './composition.ts'
import { mapOf } from './expandValue.ts'
import type { ListedItem } from './layerItems.ts'
import type { LayerList } from './layerList.ts'
import { inputsOfCall } from './layerReferences.ts'
import { originInside, type Origin } from './origins.ts'

/** The layers of a call or a repeat. */
export interface CallRecord {
  readonly prefix: string
  readonly inputs: readonly string[]
  /** The range of its layers in the plain spec. */
  readonly from: number
  readonly to: number
}

/**
 * Adds an `apply` for each layer of a call, with the inputs that correspond to its own.
 *
 * @returns The name of the last layer.
 */
export function applyCall(
  { context, out }: { readonly context: Composition; readonly out: LayerList },
  listed: ListedItem,
  call: CallRecord,
): string | undefined {
  const { item, frame, ending } = listed
  const { use } = frame.scope
  const given = inputsOfCall(context, listed) ?? call.inputs
  if (given.length !== call.inputs.length) {
    const message = `this applies a call with ${countOf(call.inputs.length, 'input')}, but has ${given.length}`
    context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true })
  }
  const origin = use === undefined ? item.origin : { ...item.origin, use }
  const renamed = new Map(call.inputs.map((one, index) => [one, given[index] ?? one]))
  const stated = originInside(item.optionsOrigin, 'inputs')
  const isList = Array.isArray(item.options['inputs'])
  const places = new Map(call.inputs.map((one, index) => [one, isList ? originInside(stated, index) : stated]))
  const layers = out.layers.slice(call.from, call.to).filter((layer) => layer !== undefined)
  for (const layer of layers) {
    if (!out.takeItem(item.origin)) break
    const isLast = layer === layers.at(-1)
    const inner = layer.name.startsWith(call.prefix) ? layer.name.slice(call.prefix.length) : layer.name
    const own = isLast ? ending.name : `${frame.prefix}${item.name}/${inner}`
    const inputs = layer.inputs.map((one) => renamed.get(one) ?? one)
    const placesOfInputs = layer.inputs.map((one) => places.get(one) ?? stated)
    renamed.set(layer.name, own)
    const applies = layer.applies ?? layer.name
    const isAbove = inputs.length === 1 && inputs[0] === out.above
    const options: (readonly [string, unknown])[] = [
      ['name', own],
      ['layer', applies],
    ]
    if (!isAbove) options.push(['inputs', inputs.length === 1 ? inputs[0] : inputs])
    if (isLast && Object.hasOwn(item.options, 'expect')) options.push(['expect', item.expand('expect').value])
    const placeOfInputs = inputs.length === 1 ? placesOfInputs[0]! : listOf(item.origin, placesOfInputs)
    const inside = new Map([[item.type, { ...item.optionsOrigin, inside: new Map([['inputs', placeOfInputs]]) }]])
    out.push(
      mapOf([[item.type, mapOf(options)]]),
      { ...origin, inside },
      { name: own, type: item.type, inputs, applies },
    )
  }
  return layers.length === 0 ? given[0] : ending.name
}

function listOf(place: Origin, items: readonly Origin[]): Origin {
  return { ...place, inside: new Map(items.entries()) }
}
