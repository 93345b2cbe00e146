/** Reads the nodes of a YAML document into plain data, following aliases and merge keys, with limits. */
import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node, type YAMLMap } from 'yaml'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { sourceProblem } from '../diagnostics/sourceMessages.ts'
import { maxDepth } from './parseYaml.ts'
import { walkNodes } from './walkNodes.ts'

/** The largest number of values after aliases are expanded; more are an attack ("billion laughs") or an accident. */
const MOST_VALUES = 5_000_000
export const nestedTooDeep = `nested more than ${maxDepth} levels deep`

/** The tag with which a spec removes a key of the spec that it extends. */
export const removeTag = '!remove'

/** The value of a key with this tag. Composition replaces all of them, so later phases never see it. */
export const removed: unique symbol = Symbol(removeTag)

const none: readonly YAMLMap[] = []

interface Reading {
  readonly value: unknown
  /** The number of values in it, with its aliases expanded. */
  readonly size: number
}

const leaf: Reading = { value: null, size: 1 }

export class NodeReader {
  readonly diagnostics: Diagnostic[] = []
  private readonly document: Document
  private readonly readings = new Map<Node, Reading>()
  private readonly open = new Set<Node>()
  private readonly anchors = new Map<Alias, Node | undefined>()
  /** Aliases that were reported. */
  private readonly broken = new Set<Alias>()
  private stopped = false

  constructor(document: Document) {
    this.document = document
    this.collectAnchors()
  }

  read(node: Node | null): unknown {
    return this.readNode(node, 0).value
  }

  /** Returns the node that an alias refers to; undefined if there is no such node, or it contains the alias. */
  resolveAlias(alias: Alias): Node | undefined {
    return this.broken.has(alias) ? undefined : this.anchors.get(alias)
  }

  /** Returns the maps that the `<<` keys of a map merge into it, in the order of precedence. */
  mergedMaps(map: YAMLMap): readonly YAMLMap[] {
    const merges = map.items.filter(({ key }) => isScalar(key) && isMergeKey(key))
    if (merges.length === 0) return none
    return merges
      .flatMap(({ value }) => (isSeq(value) ? value.items : [value]))
      .flatMap((item) => {
        const target = isAlias(item) ? this.resolveAlias(item) : item
        return isMap(target) && target !== map ? [target] : []
      })
  }

  /** Resolves aliases in one walk in document order: an alias refers to the last anchor of its name before it. */
  private collectAnchors(): void {
    const named = new Map<string, Node>()
    walkNodes(this.document.contents, (node) => {
      if (isAlias(node)) this.anchors.set(node, named.get(node.source))
      else if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) named.set(node.anchor, node)
    })
  }

  private readNode(node: Node | null | undefined, depth: number): Reading {
    if (node === null || node === undefined || this.stopped) return leaf
    if (isAlias(node)) return this.readAlias(node, depth)
    // Only a node with an anchor can be read again.
    const isAnchored = (isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined
    const known = isAnchored ? this.readings.get(node) : undefined
    if (known !== undefined) return known
    if (depth > maxDepth) return this.stop(node, nestedTooDeep)
    if (node.tag === removeTag && depth > 0) return { value: removed, size: 1 }
    // Most nodes are scalars, which contain no nodes.
    if (isScalar(node)) return { value: readScalar(node.value), size: 1 }
    this.open.add(node)
    let reading: Reading = leaf
    if (isSeq(node)) reading = this.readList(node.items as Node[], depth)
    else if (isMap(node)) reading = this.readMap(node, depth)
    this.open.delete(node)
    if (reading.size > MOST_VALUES && !this.stopped) {
      return this.stop(node, 'the aliases in this value expand to more than 5 million values')
    }
    if (isAnchored) this.readings.set(node, reading)
    return reading
  }

  private readAlias(alias: Alias, depth: number): Reading {
    const target = this.anchors.get(alias)
    if (target === undefined) {
      this.broken.add(alias)
      this.report('source/unknown-alias', `the anchor \`&${alias.source}\` is not defined before this alias`, alias)
      return leaf
    }
    if (this.open.has(target)) {
      this.broken.add(alias)
      this.report('source/recursive-alias', `the anchor \`&${alias.source}\` contains an alias to itself`, alias)
      return leaf
    }
    return this.readNode(target, depth + 1)
  }

  private readList(items: readonly Node[], depth: number): Reading {
    const readings = items.map((item) => this.readNode(item, depth + 1))
    return { value: readings.map(({ value }) => value), size: readings.reduce((sum, { size }) => sum + size, 1) }
  }

  private readMap(map: YAMLMap, depth: number): Reading {
    // Without a prototype, so that a key such as `__proto__` or `constructor` is a key like any other.
    const value = Object.create(null) as Record<string, unknown>
    let total = 1
    for (const merged of this.mergedMaps(map)) {
      if (this.open.has(merged)) continue
      const reading = this.readNode(merged, depth + 1)
      total += reading.size
      for (const [key, item] of Object.entries(reading.value ?? {})) if (!(key in value)) value[key] = item
    }
    const own = new Set<string>()
    for (const pair of map.items) {
      if (isScalar(pair.key) && isMergeKey(pair.key)) {
        this.checkMerge(pair.value as Node | null, depth)
        continue
      }
      if (!isScalar(pair.key)) {
        this.report('source/syntax', 'a key must be a word, not a list or a map', pair.key as Node)
        continue
      }
      const reading = this.readNode(pair.value as Node, depth + 1)
      total += reading.size
      // The first of duplicate keys wins, as in `pairAt`, so that its value and its place belong together.
      const key = String(pair.key.value)
      if (!own.has(key)) value[key] = reading.value
      own.add(key)
    }
    return { value, size: total }
  }

  private checkMerge(value: Node | null, depth: number): void {
    for (const item of isSeq(value) ? (value.items as Node[]) : [value]) {
      if (isAlias(item) && (this.anchors.get(item) === undefined || this.open.has(this.anchors.get(item)!))) {
        this.readAlias(item, depth)
      } else if (item !== null && !isMap(isAlias(item) ? this.anchors.get(item) : item)) {
        this.report('source/syntax', '`<<` must be a map or a list of maps', item)
      }
    }
  }

  private stop(node: Node, message: string): Reading {
    this.stopped = true
    this.report('source/too-large', message, node)
    return { value: null, size: 1 }
  }

  private report(code: Diagnostic['code'], message: string, node: Node): void {
    const range = node.range ?? [0, 0, 0]
    this.diagnostics.push(sourceProblem(code, message, [range[0], range[1]]))
  }
}

function isMergeKey(key: { value: unknown; type?: unknown }): boolean {
  return (
    (key.value === '<<' && key.type === 'PLAIN') || (typeof key.value === 'symbol' && key.value.description === '<<')
  )
}

/** Converts values that JSON lacks: dates to text, big integers to numbers, anything else to null. */
function readScalar(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  return value === undefined || typeof value === 'symbol' || typeof value === 'object' ? null : value
}
