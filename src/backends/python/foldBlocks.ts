/**
 * Finds the blocks and repeats of a spec whose uses differ only in literals of their code, so that a script can have a
 * function or a class for a block, and a loop for a repeat. Other blocks stay flat.
 */
import type { Scope } from '../../compose/scope.ts'
import type { ModelNode, NodeList } from '../typescript/model/modelTree.ts'

/** A value in a body: one of its inputs, or the result of one of its items. */
export type Ref = { readonly kind: 'start' | 'item'; readonly index: number }

/** Code with places for literals: one more text than literals. */
export interface Template {
  readonly texts: readonly string[]
  readonly literals: readonly string[]
}

export interface LayerItem<L> {
  readonly kind: 'layer'
  readonly name: string
  readonly layer: L
  readonly template: Template
  readonly refs: readonly Ref[]
}

export interface CallItem<L> {
  readonly kind: 'call'
  readonly name: string
  readonly body: Body<L>
  readonly refs: readonly Ref[]
}

export interface LoopItem<L> {
  readonly kind: 'loop'
  readonly name: string
  readonly bodies: readonly Body<L>[]
  /** How each literal of the body changes from iteration to iteration. */
  readonly columns: readonly Column[]
  readonly refs: readonly Ref[]
}

export type Item<L> = LayerItem<L> | CallItem<L> | LoopItem<L>

/** A literal that stays the same, a number that grows by a step, or any values. */
export type Column =
  | { readonly kind: 'same'; readonly value: string }
  | { readonly kind: 'growing'; readonly start: string; readonly step: string }
  | { readonly kind: 'listed'; readonly values: readonly string[] }

/** One use of a block, or one iteration of a repeat. */
export interface Body<L> {
  /** What its uses have in common: bodies with equal keys differ only in literals. */
  readonly key: string
  readonly name: string
  readonly items: readonly Item<L>[]
  /** All literals in it, in order. */
  readonly literals: readonly string[]
  readonly inputs: number
  readonly scope: Scope
  /** The names of the parameters of its block. */
  readonly params: readonly string[]
}

export interface Folding<L> {
  /** The layer of a name; undefined for inputs of the network. */
  readonly layerOf: (name: string) => L | undefined
  /** The code of a layer. */
  readonly codeOf: (layer: L) => string
  readonly inputsOf: (layer: L) => readonly string[]
}

class Differs extends Error {}

/** Folds the layers of a network; undefined if they read each other across blocks. */
export function foldBlocks<L>(folding: Folding<L>, root: NodeList, inputs: readonly string[]): Body<L> | undefined {
  return attempt(() => bodyOf(folding, root, inputs, '', []))
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (error instanceof Differs) return undefined
    throw error
  }
}

function bodyOf<L>(
  folding: Folding<L>,
  list: NodeList,
  inputs: readonly string[],
  name: string,
  params: readonly string[],
  output?: string,
): Body<L> {
  const known = new Map<string, Ref>(inputs.map((input, index) => [input, { kind: 'start', index }]))
  const items: Item<L>[] = []
  const refsOf = (names: readonly string[]) =>
    names.map((one) => {
      const ref = known.get(one)
      if (ref === undefined) throw new Differs()
      return ref
    })
  const add = (item: Item<L>, result: string) => {
    known.set(result, { kind: 'item', index: items.length })
    items.push(item)
  }
  const addNode = (node: ModelNode): void => {
    if (node.kind === 'layer') {
      const layer = folding.layerOf(node.output)
      if (layer === undefined) return
      const refs = refsOf(folding.inputsOf(layer))
      add({ kind: 'layer', name: node.name, layer, template: templateOf(folding.codeOf(layer)), refs }, node.output)
      return
    }
    const item = attempt(() => (node.kind === 'call' ? callOf(folding, node, refsOf) : loopOf(folding, node, refsOf)))
    if (item !== undefined) add(item, node.output)
    else for (const inner of node.lists.flatMap(({ nodes }) => nodes)) addNode(inner)
  }
  for (const node of list.nodes) addNode(node)
  const end = output === undefined ? undefined : known.get(output)
  if (output !== undefined && (end?.kind !== 'item' || end.index !== items.length - 1)) throw new Differs()
  return {
    key: JSON.stringify([inputs.length, items.map(keyOfItem)]),
    name,
    items,
    literals: items.flatMap(literalsOf),
    inputs: inputs.length,
    scope: list.scope,
    params,
  }
}

type RefsOf = (names: readonly string[]) => readonly Ref[]

function callOf<L>(folding: Folding<L>, node: ModelNode, refsOf: RefsOf): CallItem<L> {
  const { block } = node
  if (block === undefined) throw new Differs()
  const params = [...block.params.keys()]
  const body = bodyOf(folding, node.lists[0]!, node.inputs, block.name, params, node.output)
  return { kind: 'call', name: node.name, body, refs: refsOf(node.inputs) }
}

function loopOf<L>(folding: Folding<L>, node: ModelNode, refsOf: RefsOf): LoopItem<L> {
  if (node.lists.length < 2 || node.inputs.length !== 1) throw new Differs()
  let input = node.inputs[0]!
  const bodies = node.lists.map((list) => {
    const output = list.nodes.at(-1)?.output
    if (output === undefined) throw new Differs()
    const body = bodyOf(folding, list, [input], node.name, [], output)
    input = output
    return innermost(body)
  })
  if (new Set(bodies.map(({ key }) => key)).size > 1) throw new Differs()
  const columns = bodies[0]!.literals.map((_literal, place) => columnOf(bodies.map(({ literals }) => literals[place]!)))
  // Long lists of values are harder to read than the layers themselves.
  const listed = new Set(columns.flatMap((column) => (column.kind === 'listed' ? column.values.join() : [])))
  if (listed.size > 2 || [...listed].some((values) => values.includes('('))) throw new Differs()
  return { kind: 'loop', name: node.name, bodies, columns, refs: refsOf(node.inputs) }
}

/** The body of a block, if a body is only a call of it. */
function innermost<L>(body: Body<L>): Body<L> {
  const [only, ...others] = body.items
  return only?.kind === 'call' && others.length === 0 ? only.body : body
}

function columnOf(values: readonly string[]): Column {
  const [first] = values
  if (values.every((value) => value === first)) return { kind: 'same', value: first! }
  const numbers = values.map(Number)
  const step = numbers[1]! - numbers[0]!
  const isGrowing = values.length > 2 && numbers.every((value, place) => value === numbers[0]! + step * place)
  if (isGrowing && Number.isInteger(step)) return { kind: 'growing', start: first!, step: String(step) }
  return { kind: 'listed', values }
}

function keyOfItem<L>(item: Item<L>): unknown {
  const own = { layer: () => templateKey(item), call: () => callKey(item), loop: () => loopKey(item) }[item.kind]()
  return [item.kind, item.refs.map(({ kind, index }) => `${kind} ${index}`), own]
}

const templateKey = <L>(item: Item<L>) => (item.kind === 'layer' ? item.template.texts : [])
const callKey = <L>(item: Item<L>) => (item.kind === 'call' ? [item.body.name, item.body.key] : [])
const loopKey = <L>(item: Item<L>) =>
  item.kind === 'loop' ? [item.bodies[0]!.key, item.columns.map(({ kind }) => kind)] : []

function literalsOf<L>(item: Item<L>): readonly string[] {
  if (item.kind === 'layer') return item.template.literals
  return item.kind === 'call' ? item.body.literals : loopLiterals(item)
}

/** The number of iterations, and the literals that describe each column. */
function loopLiterals<L>({ bodies, columns }: LoopItem<L>): readonly string[] {
  return [String(bodies.length), ...columns.flatMap(columnLiterals)]
}

export function columnLiterals(column: Column): readonly string[] {
  if (column.kind === 'same') return [column.value]
  if (column.kind === 'growing') return [column.start, column.step]
  return [`(${column.values.join(', ')})`]
}

const literal = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)|\b(?:True|False)\b/g

/** Splits code at its numbers, strings and booleans. */
function templateOf(code: string): Template {
  const literals = Array.from(code.matchAll(literal), ([text]) => text)
  return { texts: code.split(new RegExp(literal.source)), literals }
}
