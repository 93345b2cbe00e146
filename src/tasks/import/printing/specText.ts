/** The YAML text of a spec as `prettier` formats it, with a layer on one line if it fits. */
import { impliedInputName } from '../../../language/layerNames.ts'
import { applyType } from '../../../language/apply.ts'
import { yamlText } from '../../../source/edits.ts'
import type { FlatSpec } from './flatSpec.ts'
import { isSameValue, Reference, type Block, type Item, type ItemList, type Param } from './items.ts'

const longestLine = 120

/** @param weightsFile The file with the weights, if the spec begins with them. */
export function specText({ name, inputShape, list, blocks, outputs }: FlatSpec, weightsFile?: string): string {
  const lines = [`name: ${yamlText(name)}`]
  if (inputShape !== undefined) lines.push(`input: { shape: ${valueText(inputShape)} }`)
  if (weightsFile !== undefined) lines.push(`weights: { from: ${yamlText(weightsFile)} }`)
  if (blocks.length > 0) lines.push('blocks:', ...blocks.flatMap(blockLines))
  lines.push('layers:', ...listLines(list, '  '))
  if (outputs !== undefined) lines.push(`outputs: [${outputs.map(nameOf).join(', ')}]`)
  return `${lines.join('\n')}\n`
}

function blockLines({ name, params, list }: Block): string[] {
  const { entries } = list
  const inputs = entries.length < 2 ? [] : [`    inputs: [${entries.map((entry) => entry.name).join(', ')}]`]
  const stated = params.length === 0 ? [] : [`    params: { ${params.map(paramText).join(', ')} }`]
  return [`  ${name}:`, ...inputs, ...stated, '    layers:', ...listLines(list, '      ')]
}

function paramText({ name, byDefault }: Param): string {
  return byDefault === undefined ? name : `${name}: ${valueText(byDefault)}`
}

function listLines(list: ItemList, indent: string): string[] {
  return list.items.flatMap((item, index) => {
    const short = shortForm(item, list, index)
    const line = `${indent}- ${short}`
    if (line.length <= longestLine && (item.list === undefined || item.list.items.length === 1)) return [line]
    const inner = `${indent}    `
    const options = entriesOf(item, list, index)
    if (item.list !== undefined) {
      const lines = options.map(([key, text]) => `${inner}${key}: ${text}`)
      return [`${indent}- repeat:`, ...lines, `${inner}layers:`, ...listLines(item.list, `${inner}  `)]
    }
    const braces = `${inner}{ ${options.map(([key, text]) => `${key}: ${text}`).join(', ')} }`
    const lines = braces.length <= longestLine ? [braces] : options.map(([key, text]) => `${inner}${key}: ${text}`)
    return [`${indent}- ${typeOf(item)}:`, ...lines]
  })
}

/** An item on one line: `dense: { units: 10 }`, or the bare type. */
function shortForm(item: Item, list: ItemList, index: number): string {
  const entries = entriesOf(item, list, index)
  if (item.list !== undefined) {
    const layers = item.list.items.map((one, place, { length }) => {
      const form = shortForm(one, item.list!, place)
      return length > 0 && form.includes(': ') ? `{ ${form} }` : form
    })
    entries.push(['layers', `[${layers.join(', ')}]`])
  }
  const type = typeOf(item)
  return entries.length === 0 ? type : `${type}: { ${entries.map(([key, text]) => `${key}: ${text}`).join(', ')} }`
}

function typeOf({ type, block }: Item): string {
  return block?.name ?? type
}

/** The keys of an item with their values as text: its name, what it applies, its inputs, its options. */
function entriesOf(item: Item, list: ItemList, index: number): [string, string][] {
  const { name, applied, options, block } = item
  const entries: [string, string][] = []
  if (name !== undefined) entries.push(['name', yamlText(name)])
  if (item.type === applyType && applied !== undefined) entries.push(['layer', nameOf(applied)])
  const inputs = inputsText(item, list, index)
  if (inputs !== undefined) entries.push(['inputs', inputs])
  for (const [key, value] of options) {
    const param = block?.params.find((one) => one.name === key)
    if (param === undefined || !isSameValue(value, param.byDefault)) entries.push([yamlText(key), valueText(value)])
  }
  return entries
}

/** The inputs of an item; undefined if it takes the layer before it, or the only input of its list. */
function inputsText({ inputs }: Item, { items, entries }: ItemList, index: number): string | undefined {
  const above = index > 0 ? items[index - 1] : entries.length === 1 ? entries[0] : undefined
  if (inputs.length === 0 || (inputs.length === 1 && inputs[0] === above)) return undefined
  const names = inputs.map((one) => {
    if (one.kind !== 'entry') return nameOf(one)
    return entries.length === 1 ? impliedInputName : one.name
  })
  return names.length === 1 ? names[0]! : `[${names.join(', ')}]`
}

/** @throws Error if a layer that others refer to has no name, which is a bug. */
function nameOf({ name, origin }: Item): string {
  if (name === undefined) throw new Error(`the layer ${origin} has no name to refer to`)
  return yamlText(name)
}

/** A value on one line, with references. */
function valueText(value: unknown): string {
  if (value instanceof Reference) {
    const { param, factor } = value
    return factor === 1 ? `$${param.name}` : `$(${factor} * ${param.name})`
  }
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return yamlText(value.startsWith('$') ? `$${value}` : value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (value === null || typeof value !== 'object') return String(value)
  const entries = Object.entries(value).map(([key, one]) => `${yamlText(key)}: ${valueText(one)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** A number as it is usually written: 1000, 0.001, 1.001e-5. */
function numberText(value: number): string {
  const plain = String(value)
  const scientific = value.toExponential()
  return Math.abs(value) < 0.001 && scientific.length < plain.length ? scientific : plain
}
