/** Expands one layer of a list: its name in the plain spec, its options, and the input that it takes from the layer before it. */
import { listWords } from '../diagnostics/didYouMean.ts'
import { isInput } from '../parts/layers/table.ts'
import type { Composition } from './composition.ts'
import { mapOf } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import { withUse } from './frames.ts'
import type { ListedItem } from './layerItems.ts'
import type { LayerList } from './layerList.ts'
import { changed, inputsIn, resolveNames } from './layerReferences.ts'
import type { Expanded } from './origins.ts'

interface Expansion {
  readonly context: Composition
  readonly out: LayerList
}

/** Returns false after reporting a layer that cannot be here. */
export function expandLayer(expansion: Expansion, listed: ListedItem): boolean {
  const { context } = expansion
  const { item, frame, ending } = listed
  const { type, options } = item
  if (isInput(type) && frame.depth > 0) {
    const message = 'an input layer cannot be inside a block or a repeat'
    const help = 'move it to the top of `layers`, and give its name to the call as `inputs`'
    context.report('compose/input-inside', item.optionsOrigin, message, {
      use: frame.scope.use,
      atKey: true,
      help,
    })
    return false
  }
  const entries = new Map<string, Expanded>()
  const isNamed = item.nameOrigin !== undefined || ending.name !== item.name
  if (isNamed) entries.set('name', changed(ending.name, ending.nameOrigin))
  for (const key of Object.keys(options)) {
    if (key === 'if' || key === 'name') continue
    const isName = key === 'inputs' || (key === 'layer' && item.kind === 'apply')
    const value = item.expand(key)
    entries.set(key, isName ? resolveNames(context, value, frame, key) : value)
  }
  if (!entries.has('inputs') && !isInput(type)) addInput(expansion, listed, entries)
  if (frame.isFrozen && item.kind === 'layer') entries.set('trainable', changed(false, item.origin))
  pushLayer(expansion.out, listed, entries)
  return true
}

/** Adds the input of a layer that states none, if it is not the layer above in the plain spec. */
function addInput(
  { context, out }: Expansion,
  { item, frame, input }: ListedItem,
  entries: Map<string, Expanded>,
): void {
  if (input === undefined) {
    const names = listWords([...frame.inputs.keys()], 'and')
    const message = `the first layer of a block with the inputs ${names} must name its own`
    const { use } = frame.scope
    context.report('compose/bad-call', item.optionsOrigin, message, { use, atKey: true, help: 'add `inputs`' })
    entries.set('inputs', changed(unknown, item.origin))
  } else if (input !== out.above) entries.set('inputs', changed(input, item.origin))
}

function pushLayer(
  out: LayerList,
  { item, frame, input, ending: { name } }: ListedItem,
  entries: ReadonlyMap<string, Expanded>,
): void {
  const { type } = item
  const inputs = inputsIn(entries.get('inputs')?.value) ?? (input === undefined ? [] : [input])
  const applies = item.kind === 'apply' ? entries.get('layer')?.value : undefined
  const layer = { name, type, inputs, applies: typeof applies === 'string' ? applies : undefined }
  if (entries.size === 0 && Object.keys(item.options).length === 0) {
    out.push(item.value, withUse(item.origin, frame), layer)
    return
  }
  const options = mapOf([...entries].map(([key, { value }]) => [key, value] as const))
  const inside = new Map([...entries].map(([key, { origin }]) => [key, origin] as const))
  const origin = { ...item.origin, inside: new Map([[type, { ...item.optionsOrigin, inside }]]) }
  out.push(mapOf([[type, options]]), withUse(origin, frame), layer)
}
