/** Counts the layers that a list adds at least, so that a spec which is too large is refused before it is expanded. */
import { isLayerType } from '../parts/layers/table.ts'
import { isMap, repeatType, type Block } from './blocks.ts'

/** Blocks nested deeper are refused anyway, so their layers are not counted. */
const deepest = 64

export class LeastLayers {
  private readonly blocks: ReadonlyMap<string, Block>
  private readonly ofBlocks = new Map<Block, number>()

  constructor(blocks: ReadonlyMap<string, Block>) {
    this.blocks = blocks
  }

  ofBlock(block: Block, depth = 0): number {
    const known = this.ofBlocks.get(block)
    if (known !== undefined) return known
    // A block that contains itself is reported when it is expanded.
    this.ofBlocks.set(block, 0)
    const least = this.ofList(block.layers, depth + 1)
    this.ofBlocks.set(block, least)
    return least
  }

  /** The index of the first item with which a list has more than `most` layers; undefined if it may have fewer. */
  indexBeyond(most: number, items: readonly unknown[]): number | undefined {
    let sum = 0
    const index = items.findIndex((item) => (sum += this.ofItem(item, 0)) > most)
    return index < 0 ? undefined : index
  }

  ofList(items: readonly unknown[], depth = 0): number {
    if (depth > deepest) return 0
    return items.reduce<number>((sum, item) => sum + this.ofItem(item, depth), 0)
  }

  private ofItem(item: unknown, depth: number): number {
    const [type, options] = isMap(item) ? (Object.entries(item)[0] ?? ['']) : [item]
    if (typeof type !== 'string' || (isMap(options) && Object.hasOwn(options, 'if'))) return 0
    if (isLayerType(type)) return 1
    const block = this.blocks.get(type)
    if (block !== undefined) return this.ofBlock(block, depth)
    if (type !== repeatType || !isMap(options)) return 0
    const { times, layers } = options
    return typeof times === 'number' && times > 0 && Array.isArray(layers) ? times * this.ofList(layers, depth + 1) : 0
  }
}
