/**
 * Turns the layers of a program into statements. A block that is used several times becomes a function, and a repeat a
 * loop, if the uses differ only in values that code can compute. Otherwise their layers are statements of their own.
 */
import type { Block } from '../../../compose/blocks.ts'
import { findBinding } from '../../../compose/scope.ts'
import { createNameScope } from '../../../program/nameScope.ts'
import type { CreatedLayer } from '../../../program/program.ts'
import { createFunction } from './blockFunctions.ts'
import type { BlockFunction, Body, CallStatement, LayerStatement, Statement, Value } from './body.ts'
import { atPlaces, Differs, nameInLoop, onlyOne, Sources, type Condition, type Context } from './context.ts'
import { findEscapes, type Escapes } from './findEscapes.ts'
import { createLoop } from './loops.ts'
import { mergeCalls } from './mergeCalls.ts'
import { optionsOf, type ModelNode, type ModelTree, type NodeList } from './modelTree.ts'
import { printReference, printValue, type Written } from './printComputed.ts'
import { printName } from './printNames.ts'
import type { Structuring } from './structuring.ts'

export interface Model {
  /** The functions, each after those that it calls. */
  readonly functions: readonly BlockFunction[]
  readonly body: Body
}

/**
 * @param outputs The names of the outputs of the network.
 * @param taken Names that no variable may have.
 */
export function structureModel(tree: ModelTree, outputs: readonly string[], taken: readonly string[]): Model {
  const structurer = new Structurer(tree, outputs, taken)
  const body = structurer.body(tree.root)
  return { functions: structurer.functions, body }
}

/** One item of a list in each instance; undefined where a condition leaves it out. */
type Row = readonly (ModelNode | undefined)[]

class Structurer implements Structuring {
  readonly functions: BlockFunction[] = []
  readonly escapes: Escapes
  /** The names that no variable may have, with those of the functions. */
  readonly taken: readonly string[]
  private readonly shapes: ReadonlyMap<string, string>
  private readonly uses = new Map<Block, ModelNode[]>()
  private readonly identifiers: ReadonlyMap<Block, string>
  private readonly known = new Map<Block, BlockFunction | undefined>()
  /** The place of each statement, since a condition can choose only what is before it. */
  private readonly places = new Map<Value, number>()
  /** The instances in which a statement with a condition runs. */
  private readonly running = new Map<Statement, ReadonlySet<Sources>>()

  constructor({ root, leaves }: ModelTree, outputs: readonly string[], taken: readonly string[]) {
    this.escapes = findEscapes({ root, leaves }, outputs)
    this.shapes = new Map(leaves.map(({ node: { layer } }) => [layer.name, layer.shape]))
    this.collectUses(root)
    const names = createNameScope(taken)
    const repeated = [...this.uses].filter(([block, uses]) => uses.length > 1 && !this.escapes.blocks.has(block))
    this.identifiers = new Map(repeated.map(([block]) => [block, names.allocate(block.name)]))
    this.taken = [...taken, ...this.identifiers.values()]
  }

  private collectUses(list: NodeList): void {
    for (const node of list.nodes) {
      if (node.block !== undefined) this.uses.set(node.block, [...(this.uses.get(node.block) ?? []), node])
      for (const inner of node.lists) this.collectUses(inner)
    }
  }

  body(root: NodeList): Body {
    const names = createNameScope(this.taken)
    const context: Context = {
      size: 1,
      atoms: [],
      starts: [],
      sources: [new Sources([])],
      loops: [],
      conditions: [],
      locals: [],
      counters: new Map(),
      names,
    }
    return { inputs: [], statements: this.statementsOf(context, [root]), names }
  }

  shapeOf(name: string): string {
    return this.shapes.get(name) ?? ''
  }

  /** Returns the statements for one list in each instance. @throws Differs */
  statementsOf(context: Context, lists: readonly (NodeList | undefined)[]): Statement[] {
    const rows = rowsOf(lists)
    const conditions = rows.map((row) => conditionOf(context, row, lists))
    const own = conditions.filter((condition) => condition !== undefined)
    const within = { ...context, conditions: [...own, ...context.conditions] }
    return rows.flatMap((row, place) => this.statementsOfRow(within, row, lists, conditions[place]?.code))
  }

  private statementsOfRow(
    context: Context,
    row: Row,
    lists: readonly (NodeList | undefined)[],
    condition: string | undefined,
  ): Statement[] {
    const { kind, block } = row.find((node) => node !== undefined)!
    const isFunction = block !== undefined && this.functionOf(block) !== undefined
    if (kind === 'call' && !isFunction) {
      return this.statementsOf(
        context,
        row.map((node) => node?.lists[0]),
      )
    }
    if (kind === 'repeat') {
      const loop = createLoop(this, context, row, lists)
      if (loop !== undefined) return [loop]
      const iterations = Math.max(...row.map((node) => node?.lists.length ?? 0))
      return Array.from({ length: iterations }, (_one, place) =>
        this.statementsOf(
          context,
          row.map((node) => node?.lists[place]),
        ),
      ).flat()
    }
    const places = row.flatMap((node, place) => (node === undefined ? [] : [place]))
    const present = atPlaces(context, places)
    const nodes = places.map((place) => row[place]!)
    const scopes = places.map((place) => lists[place]!.scope)
    const statement =
      kind === 'layer'
        ? this.layerStatement(present, nodes, scopes, condition)
        : this.callStatement(present, nodes, scopes, condition)
    this.setSources(present, nodes, statement)
    if (condition !== undefined) this.running.set(statement, new Set(present.sources))
    return [statement]
  }

  setSources({ sources }: Context, nodes: readonly ModelNode[], statement: Statement): void {
    this.places.set(statement, this.places.size)
    for (const [place, node] of nodes.entries()) sources[place]!.set(node.output, statement)
  }

  private layerStatement(
    context: Context,
    nodes: readonly ModelNode[],
    scopes: Written['scopes'],
    condition: string | undefined,
  ): LayerStatement {
    const layers = nodes.map((node) => node.layer!)
    const [first] = layers
    const created = layers.filter((layer): layer is CreatedLayer => 'call' in layer)
    if (layers.length > 1 && (created.length < layers.length || layers.some(({ isUsed }) => !isUsed)))
      throw new Differs()
    const [{ type, name, isNamed }] = nodes as readonly [ModelNode]
    const calls = created.map((layer) => layer.call)
    return {
      kind: 'layer',
      name: layers.length === 1 ? first!.name : name,
      isNamed,
      layer: layers.length === 1 ? first!.name : undefined,
      call: calls.length === 0 ? undefined : mergeCalls(context, calls, { type, options: optionsOf(nodes), scopes }),
      applies: 'applies' in first! ? first.applies : undefined,
      isUsed: first!.isUsed,
      inputs: this.inputsOf(context, layers),
      shape: onlyOne(layers.map(({ shape }) => shape)) ?? '',
      condition,
    }
  }

  private callStatement(
    context: Context,
    nodes: readonly ModelNode[],
    scopes: Written['scopes'],
    condition: string | undefined,
  ): CallStatement {
    const [first] = nodes as readonly [ModelNode]
    const called = this.functionOf(first.block!)!
    const written = { options: optionsOf(nodes), scopes }
    const outputs = nodes.map(({ output }) => output)
    const starts = nodes.map(({ lists: [list] }) => list!.prefix.slice(0, -1))
    const hasScope = called.hasScope && starts.some((start, place) => start !== outputs[place])
    const { layerName, scope } = namesOfCall(
      context,
      printName(context, outputs),
      hasScope ? printName(context, starts) : undefined,
    )
    const args = called.params.flatMap(({ name, spoken, byDefault }) => {
      if (byDefault !== undefined && nodes.every(({ options }) => !Object.hasOwn(options, spoken))) return []
      const values = nodes.map(({ lists: [list] }) => findBinding(list!.scope, spoken)?.resolve().value)
      return [[name, printValue(context, values, written, spoken)] as const]
    })
    return {
      kind: 'call',
      name: nodes.length === 1 ? first.output : first.name,
      isNamed: first.isNamed,
      function: called,
      layerName,
      args: [...(scope === undefined ? [] : [['scope', scope] as const]), ...args],
      inputs: this.inputsOf(context, nodes),
      shape: onlyOne(outputs.map((output) => this.shapeOf(output))) ?? '',
      condition,
    }
  }

  private inputsOf(context: Context, nodes: readonly { readonly inputs: readonly string[] }[]): Value[] {
    const [first] = nodes
    if (nodes.some(({ inputs }) => inputs.length !== first!.inputs.length)) throw new Differs()
    return first!.inputs.map((_input, slot) =>
      this.valueOf(
        context,
        nodes.map(({ inputs }) => inputs[slot]!),
      ),
    )
  }

  /**
   * Returns the value that layers of certain names are in all instances. One of them may have a condition; where it does
   * not run, all others must be the same value.
   */
  valueOf({ sources }: Context, names: readonly string[]): Value {
    const values = names.map((name, place) => sources[place]!.get(name))
    const distinct = [...new Set(values)]
    const around = new Set(names.map((name, place) => sources[place]!.getAround(name)))
    const [only] = distinct.length > 1 && around.size === 1 ? around : distinct
    if (only !== undefined && (distinct.length === 1 || around.size === 1)) return only
    if (distinct.includes(undefined) || distinct.length > 2) throw new Differs()
    for (const [value, other] of [distinct, distinct.toReversed()]) {
      if (value?.kind === 'start' || value?.condition === undefined) continue
      const running = this.running.get(value)!
      const isRunning = values.every((one, place) => (one === value) === running.has(sources[place]!))
      const isLater = this.places.get(value)! > (this.places.get(other!) ?? -1)
      if (!isLater || !isRunning || (value.otherwise !== undefined && value.otherwise !== other)) continue
      value.otherwise = other
      return value
    }
    throw new Differs()
  }

  /** Returns the function for a block; undefined if its uses stay flat. */
  private functionOf(block: Block): BlockFunction | undefined {
    const identifier = this.identifiers.get(block)
    if (identifier === undefined || this.known.has(block)) return this.known.get(block)
    const made = createFunction(this, block, this.uses.get(block)!, identifier)
    this.known.set(block, made)
    if (made !== undefined) this.functions.push(made)
    return made
  }
}

/** The items of lists, matched by the place where they were written. */
function rowsOf(lists: readonly (NodeList | undefined)[]): Row[] {
  if (lists.length === 1) return (lists[0]?.nodes ?? []).map((node) => [node])
  const byIndex = lists.map((list) => new Map(list?.nodes.map((node) => [node.index, node])))
  const indices = [...new Set(byIndex.flatMap((nodes) => [...nodes.keys()]))]
  if (indices.includes(undefined)) throw new Differs()
  return indices.toSorted((a, b) => a! - b!).map((index) => byIndex.map((nodes) => nodes.get(index)))
}

/** The condition under which an item is included; undefined if it always is. */
function conditionOf(context: Context, row: Row, lists: readonly (NodeList | undefined)[]): Condition | undefined {
  if (!row.includes(undefined)) return undefined
  const text = row.find((node) => node !== undefined)!.options['if']
  const scopes = lists.flatMap((list) => list?.scope ?? [])
  if (typeof text !== 'string' || scopes.length < lists.length) throw new Differs()
  const values = row.map((node) => node !== undefined)
  const code = printReference(context, text, scopes, values)
  if (code === undefined) throw new Differs()
  return { code, values }
}

/** In a loop, a start of names that is also the name of a layer becomes a constant. */
function namesOfCall(context: Context, layerName: string, scope: string | undefined) {
  if (scope === undefined || context.loops.length === 0 || !layerName.includes(`? ${scope} :`))
    return { layerName, scope }
  const local = nameInLoop(context, 'path', context.locals.length)
  context.locals.push([local, scope])
  return { layerName: layerName.replace(scope, () => local), scope: local }
}
