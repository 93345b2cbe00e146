/** The layers of the plain spec, in the order in which they are expanded. */
import { toJsonPointer } from '../diagnostics/diagnostic.ts'
import type { Block } from './blocks.ts'
import type { Composition } from './composition.ts'
import { unknown } from './expressions/evaluate.ts'
import { impliedInputName } from '../language/layerNames.ts'
import type { LayerItem } from './layerItems.ts'
import type { Origin } from './origins.ts'

/** The limits of an expansion. */
export const mostLayers = 200_000
export const mostItems = 500_000
const mostFailures = 1000

/** A layer as other layers refer to it. */
export interface ExpandedLayer {
  readonly name: string
  readonly type: string
  readonly inputs: readonly string[]
  /** The layer that it applies again. */
  readonly applies?: string | undefined
}

export class LayerList {
  readonly values: unknown[] = []
  readonly origins: Origin[] = []
  /** For each of `values`, the layer; undefined if it has a mistake. */
  readonly layers: (ExpandedLayer | undefined)[] = []
  /** The name of the last layer, which is the default input of the next one. */
  above = impliedInputName
  /** The layers, calls and repeats that are named by their type and a number, which depends on their position. */
  readonly numbered = new Map<string, LayerItem>()
  /** The names of layers with a mistake that was reported. */
  readonly broken = new Set<string>()
  /** The blocks that were called. */
  readonly used = new Set<Block>()
  /** The names of layers whose options were overridden. */
  readonly overridden = new Set<string>()
  /** The index in `values` of each layer. */
  private readonly places = new Map<string, number>()
  private readonly copies = new Map<string, number>()
  private readonly context: Composition
  private readonly keepsNumbered: boolean
  private readonly most: { readonly layers: number; readonly items: number }
  private items = 0
  private failures = 0
  private isFull = false

  /** @param keepsNumbered Whether `numbered` is needed. */
  constructor(context: Composition, keepsNumbered: boolean, most = { layers: mostLayers, items: mostItems }) {
    this.context = context
    this.most = most
    this.keepsNumbered = keepsNumbered
  }

  push(value: unknown, origin: Origin, layer?: ExpandedLayer): void {
    if (layer !== undefined && !this.places.has(layer.name)) this.places.set(layer.name, this.values.length)
    this.values.push(value)
    this.origins.push(origin)
    this.layers.push(layer)
    if (layer !== undefined) this.above = layer.name
  }

  get isTooLarge(): boolean {
    return this.isFull
  }

  /** The index in `values` of a layer; undefined if it has a mistake, or is the input of the network. */
  indexOf(name: string): number | undefined {
    const index = this.places.get(name)
    return index !== undefined && this.layers[index]?.name === name ? index : undefined
  }

  /** Records a layer, call or repeat that is named by its type and a number. */
  addNumbered(name: string, item: LayerItem): void {
    if (this.keepsNumbered) this.numbered.set(name, item)
  }

  /** Adds what has a mistake that was reported, or will be by validation. */
  pushBroken(value: unknown, origin: Origin, name: string): void {
    this.push(value, origin)
    this.above = name
    this.broken.add(name)
  }

  /**
   * Returns false, and reports it once, if the spec becomes too large.
   *
   * @param layers The layers that will be added at least.
   * @param items The items that will be expanded at least.
   */
  hasRoom(place: Origin, layers: number, items: number): boolean {
    if (this.isFull) return false
    this.isFull = this.values.length + layers > this.most.layers || this.items + items > this.most.items
    if (!this.isFull) return true
    const message = 'the calls and repeats of this spec expand to more than 200,000 layers'
    this.context.report('compose/too-large', place, message, { atKey: true })
    this.forgetLayers()
    return false
  }

  /** Counts an item before it is expanded. Returns false if the spec becomes too large. */
  takeItem(place: Origin): boolean {
    if (!this.hasRoom(place, 1, 1)) return false
    this.items += 1
    const pointer = pointerOf(place)
    this.copies.set(pointer, (this.copies.get(pointer) ?? 0) + 1)
    return true
  }

  /** Counts calls that lead nowhere: blocks that contain themselves, or are nested too deep, can multiply them. */
  takeFailure(): void {
    this.failures += 1
    if (this.failures < mostFailures || this.isFull) return
    this.isFull = true
    this.forgetLayers()
  }

  /** A spec that is too large is not checked further. */
  private forgetLayers(): void {
    this.values.splice(0, this.values.length, unknown)
    this.origins.splice(0, this.origins.length, this.origins[0]!)
    this.layers.length = 0
  }

  /** The number of copies of the item around what was written at a place. */
  copiesOf(place: Origin): number {
    for (let length = place.path.length; length > 0; length -= 1) {
      const found = this.copies.get(pointerOf({ ...place, path: place.path.slice(0, length) }))
      if (found !== undefined) return found
    }
    return 1
  }
}

function pointerOf({ written, path }: Origin): string {
  return `${written.file} ${toJsonPointer(path)}`
}
