/** What must be equal in two layers for one block or repeat to print both. */
import { isLayerType, layerDef } from '../../../parts/layers/table.ts'
import { applyType } from '../../../language/apply.ts'
import { Reference, type Item, type ItemList, type Source } from './items.ts'
import type { SearchWork } from './searchWork.ts'

/** The signatures of the items of a spec that does not change meanwhile. */
export class Signatures {
  private readonly forms = new WeakMap<Item, number>()
  private readonly contents = new WeakMap<Item, number>()
  private readonly numbers = new Map<unknown, number>()
  readonly work: SearchWork

  constructor(work: SearchWork) {
    this.work = work
  }

  /** A number that equal texts have in common, so that they are compared faster. */
  numberOf(one: unknown): number {
    const number = this.numbers.get(one) ?? this.numbers.size
    this.numbers.set(one, number)
    return number
  }

  /** The number of everything but the values of options and how an item is connected. */
  formOf(item: Item): number {
    this.work.add(1)
    const known = this.forms.get(item)
    if (known !== undefined) return known
    const form = this.numberOf(this.describeForm(item))
    this.forms.set(item, form)
    return form
  }

  /** The number of the form and all values. */
  contentOf(item: Item): number {
    this.work.add(1)
    const known = this.contents.get(item)
    if (known !== undefined) return known
    const content = this.numberOf(this.describeContent(item))
    this.contents.set(item, content)
    return content
  }

  private describeContent(item: Item): string {
    const values = [...item.options]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${this.keyOf(value)}`)
    const inner = item.list?.items.map((one) => this.contentOf(one))
    return `${this.formOf(item)}: ${values.join()} ${JSON.stringify(inner)}`
  }

  /** A text that equal values have in common. */
  keyOf(value: unknown): string {
    this.work.add(1)
    if (value instanceof Reference) return `$${this.numberOf(value.param)}*${value.factor}`
    return JSON.stringify(value) ?? ''
  }

  private describeForm(item: Item): string {
    const { type, block, list } = item
    if (block !== undefined) return `call ${this.numberOf(block)}`
    if (list !== undefined) return `repeat ${this.describeList(list)}`
    // An option without a default is there or not: no parameter can say which.
    const required = [...item.options.keys()].filter((key) => defaultOf(item, key) === undefined)
    return `${type} ${required.toSorted().join()} ${String(item.options.get('trainable'))}`
  }

  private describeList({ items }: ItemList): string {
    const distances = distancesIn(items)
    return items.map((item, index) => `${this.formOf(item)} ${distances[index]!.join()}`).join('; ')
  }
}

/** How far before each item its inputs are, and the layer that it applies; an input of the list is before its first item. */
export function distancesIn(items: readonly Item[]): number[][] {
  const places = new Map<Source, number>(items.map((item, index) => [item, index]))
  return items.map(({ inputs, applied }, index) =>
    [...inputs, ...(applied === undefined ? [] : [applied])].map((one) => index - (places.get(one) ?? -1)),
  )
}

/** Options in the order of the definition of their layer. */
export function inOrder<T>(type: string, options: Iterable<readonly [string, T]>): [string, T][] {
  const keys = isLayerType(type) ? Object.keys(layerDef(type).schema.properties) : []
  // Those of every layer, such as `trainable`, come last.
  const placeOf = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length)
  return [...options].map(([key, value]): [string, T] => [key, value]).toSorted(([a], [b]) => placeOf(a) - placeOf(b))
}

/** Whether a layer has weights, which have initial values. */
export function hasWeights({ type }: Item): boolean {
  return isLayerType(type) && Object.keys(layerDef(type).schema.properties).some((key) => key.endsWith('Initializer'))
}

/** The value of an option that is not stated; undefined if it has no default. */
export function defaultOf({ kind, type }: Item, key: string): unknown {
  if (kind !== 'layer' || type === applyType) return undefined
  const fields = layerDef(type).schema.properties as Record<string, { readonly default?: unknown } | undefined>
  return fields[key]?.default
}
