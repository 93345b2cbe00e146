/**
 * Counts the layers that a list expands to, so that a spec which is too large is refused before it is expanded. It evaluates only
 * what decides the number: conditions, repeats and the parameters of blocks. Mistakes are reported by the expansion.
 */
import { isLayerType } from '../parts/layers/table.ts'
import { bindArguments } from './callScope.ts'
import { isMap, repeatType, type Block, type Blocks } from './blocks.ts'
import { Composition } from './composition.ts'
import { isReference } from './expandValue.ts'
import { deepest, frameOf, type Frame } from './frames.ts'
import { readItems, type LayerItem } from './layerItems.ts'
import type { Origin } from './origins.ts'
import { readRepeat } from './repeats.ts'
import type { Scope } from './scope.ts'

/** The number of lists that are read at most. Beyond, lists count as empty, and the expansion finds that the spec is too large. */
const mostLists = 20_000

/** The most values in the arguments of a call whose layers are remembered. */
const mostArguments = 50

/** What a list expands to. */
interface Size {
  readonly layers: number
  /** The layers, calls and iterations that are expanded on the way, also those that add no layer. */
  readonly items: number
}

const nothing: Size = { layers: 0, items: 0 }

export class LayerCounter {
  private readonly blocks: Blocks
  private readonly globals: Scope
  /** Takes the problems, which the expansion reports. */
  private readonly silent = new Composition()
  /** The layers of lists that expand to the same number wherever they are. */
  private readonly fixed = new Map<readonly unknown[], Size>()
  /** The layers of calls by their block and arguments. */
  private readonly calls = new Map<Block, Map<string, Size>>()
  private readonly open = new Set<Block>()
  /** How often a number depended on the values of names. */
  private dependent = 0
  private lists = 0
  private hasCycle = false
  private readonly most: Size

  /** @param most The size beyond which counting stops. */
  constructor(blocks: Blocks, globals: Scope, most: Size) {
    this.blocks = blocks
    this.globals = globals
    this.most = most
  }

  /** The index of the item with which the list of a spec becomes too large; undefined if it may be small enough. */
  indexBeyond(items: readonly unknown[], list: Origin): number | undefined {
    if (items.length <= this.most.layers && items.every(isPlainLayer)) return undefined
    let sum = nothing
    let found: number | undefined
    this.visit(items, list, frameOf(this.globals, 0), (item, size) => {
      sum = add(sum, size)
      if (this.isTooLarge(sum)) found ??= item.index
      return found === undefined
    })
    return found
  }

  private isTooLarge({ layers, items }: Size): boolean {
    // The expansion reports a block that contains itself, and stops soon.
    return layers > this.most.layers || (items > this.most.items && !this.hasCycle)
  }

  private count(items: readonly unknown[], list: Origin, frame: Frame): Size {
    const known = this.fixed.get(items)
    if (known !== undefined) return known
    if (items.every(isPlainLayer)) return { layers: items.length, items: items.length }
    const before = this.dependent
    let sum = nothing
    this.visit(items, list, frame, (_item, size) => {
      sum = add(sum, size)
      return !this.isTooLarge(sum)
    })
    if (this.dependent === before) this.fixed.set(items, sum)
    return sum
  }

  /** Counts the items of a list until `visitor` returns false. */
  private visit(
    items: readonly unknown[],
    list: Origin,
    frame: Frame,
    visitor: (item: LayerItem, size: Size) => boolean,
  ): void {
    this.lists += 1
    if (this.lists > mostLists || items.some(dependsOnNames)) this.dependent += 1
    if (this.lists > mostLists || frame.depth > deepest) return
    const sizes = new Map<unknown, Size>()
    for (const item of readItems(this.silent, this.blocks, items, list, frame)) {
      const size = this.sizeOf(item, frame, sizes)
      sizes.set(item.name, size)
      if (!visitor(item, size)) return
    }
  }

  /** @param sizes The sizes of the items before it by their names, which it may apply again. */
  private sizeOf(item: LayerItem, frame: Frame, sizes: ReadonlyMap<unknown, Size>): Size {
    if (item.kind === 'call') return add(this.countCall(item, item.block!, frame), { layers: 0, items: 1 })
    if (item.kind === 'repeat') return add(this.countRepeat(item, frame), { layers: 0, items: 1 })
    return (item.kind === 'apply' ? sizes.get(item.options['layer']) : undefined) ?? { layers: 1, items: 1 }
  }

  private countCall(item: LayerItem, block: Block, frame: Frame): Size {
    const known = this.fixed.get(block.layers)
    if (known !== undefined) return known
    if (this.open.has(block)) {
      this.hasCycle = true
      return nothing
    }
    const use = { origin: item.optionsOrigin, label: '', outer: undefined }
    const scope = bindArguments(this.silent, item, block, this.globals, use)
    const key = keyOf(scope)
    const ofBlock = this.calls.get(block) ?? new Map<string, Size>()
    this.calls.set(block, ofBlock)
    const remembered = key === undefined ? undefined : ofBlock.get(key)
    if (remembered !== undefined) {
      this.dependent += 1
      return remembered
    }
    this.open.add(block)
    const size = this.count(block.layers, block.layersOrigin, frameOf(scope, frame.depth + 1))
    this.open.delete(block)
    if (key !== undefined) ofBlock.set(key, size)
    return size
  }

  private countRepeat(item: LayerItem, frame: Frame): Size {
    const repeat = readRepeat(this.silent, item, frame)
    let sum = nothing
    if (repeat === undefined) return sum
    for (let index = 0; index < repeat.count && !this.isTooLarge(sum) && this.lists <= mostLists; index += 1) {
      const scope = { outer: frame.scope, bindings: repeat.counterOf(index) }
      const before = this.dependent
      const { layers, items } = this.count(repeat.layers, repeat.layersOrigin, frameOf(scope, frame.depth + 1))
      // All iterations have the same size if nothing in them depends on a name.
      const times = this.dependent === before ? repeat.count - index : 1
      sum = add(sum, { layers: times * layers, items: times * (items + 1) })
      index += times - 1
    }
    return sum
  }
}

function add(one: Size, other: Size): Size {
  return { layers: one.layers + other.layers, items: one.items + other.items }
}

/** The arguments of a call as a text; undefined if they are long. */
function keyOf({ bindings }: Scope): string | undefined {
  const values = [...bindings.values()].map((binding) => binding.resolve())
  const size = values.reduce((sum, one) => sum + one.size, 0)
  return size > mostArguments ? undefined : JSON.stringify(values.map(({ value }) => value))
}

/** Whether the values of names may decide how many layers an item expands to. */
function dependsOnNames(item: unknown): boolean {
  if (!isMap(item)) return isReference(item)
  return Object.entries(item).some(([type, options]) => {
    if (!isMap(options)) return false
    const { if: condition, times, over } = options
    const isCounted = type === repeatType && (isReference(times) || isReference(over))
    return isCounted || (condition !== undefined && typeof condition !== 'boolean')
  })
}

function isPlainLayer(item: unknown): boolean {
  if (!isMap(item)) return typeof item === 'string' && isLayerType(item)
  const [[type, options] = ['', null]] = Object.entries(item)
  return isLayerType(type) && !(isMap(options) && Object.hasOwn(options, 'if'))
}
