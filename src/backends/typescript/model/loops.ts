/** Creates the loop for a repeat from all its iterations. */
import { findBinding } from '../../../compose/scope.ts'
import type { Input, LoopStatement } from './body.ts'
import {
  atPlaces,
  attempt,
  Differs,
  nameInLoop,
  onlyOne,
  Sources,
  type Atom,
  type Context,
  type NameStart,
} from './context.ts'
import { optionsOf, type ModelNode, type NodeList } from './modelTree.ts'
import { printValue, type Written } from './printComputed.ts'
import { partsOf } from './printNames.ts'
import type { Structuring } from './structuring.ts'

/** The counters of loops inside each other. */
const counters = 'ijkmn'

/** The largest number of shapes in a comment. */
const mostShapes = 6

/** Returns undefined if the iterations differ in more than values, or if there is only one. */
export function createLoop(
  structurer: Structuring,
  context: Context,
  row: readonly (ModelNode | undefined)[],
  lists: readonly (NodeList | undefined)[],
): LoopStatement | undefined {
  const nodes = row.flatMap((node) => node ?? [])
  if (nodes.length < row.length || nodes.every((node) => node.lists.length < 2)) return undefined
  if (nodes.some((node) => structurer.escapes.repeats.has(node))) return undefined
  const outer = lists.map((list) => list!)
  return attempt(context, () => new LoopMaker(structurer, context, nodes, outer).make())
}

class LoopMaker {
  private readonly structurer: Structuring
  private readonly context: Context
  private readonly nodes: readonly ModelNode[]
  private readonly outer: readonly NodeList[]
  private readonly written: Written
  /** For each iteration of each instance, the instance and the number of the iteration. */
  private readonly iterations: readonly { readonly place: number; readonly number: number; readonly list: NodeList }[]

  constructor(structurer: Structuring, context: Context, nodes: readonly ModelNode[], outer: readonly NodeList[]) {
    this.structurer = structurer
    this.context = context
    this.nodes = nodes
    this.outer = outer
    this.written = { options: optionsOf(nodes), scopes: outer.map(({ scope }) => scope) }
    this.iterations = nodes.flatMap((node, place) => node.lists.map((list, number) => ({ place, number, list })))
  }

  /** @throws Differs */
  make(): LoopStatement {
    const { structurer, context, nodes, iterations } = this
    const [first] = nodes as readonly [ModelNode]
    const count = this.countCode()
    const index = this.indexAtom()
    const item = this.itemAtom()
    const isLastUse = { count: 0 }
    const carried: Input = { kind: 'start', name: 'x' }
    const places = iterations.map(({ place }) => place)
    const around = atPlaces(context, places)
    const inside: Context = {
      ...around,
      atoms: [...(item === undefined ? [index] : [item, index]), ...around.atoms],
      starts: [this.nameStart(index), ...around.starts],
      sources: iterations.map(({ place, number }) => {
        const input = number === 0 ? nodes[place]!.inputs[0]! : outputOf(nodes[place]!.lists[number - 1]!)
        return new Sources([[input, carried]], context.sources[place])
      }),
      loops: [
        {
          isNotLast: `${index.code} < ${lastOf(count)}`,
          isLast: iterations.map(({ place, number }) => number === nodes[place]!.lists.length - 1),
          use: isLastUse,
        },
        ...around.loops,
      ],
      locals: [],
    }
    const statements = structurer.statementsOf(
      inside,
      iterations.map(({ list }) => list),
    )
    const output = structurer.valueOf(
      inside,
      iterations.map(({ list }) => outputOf(list)),
    )
    if (output.kind === 'start') throw new Differs()
    const input = structurer.valueOf(
      context,
      nodes.map(({ inputs }) => inputs[0]!),
    )
    const statement: LoopStatement = {
      kind: 'loop',
      name: nodes.length === 1 ? first.output : first.name,
      isNamed: first.isNamed,
      head: this.headOf(count, index, item, isLastUse.count > 0),
      inputs: [input],
      body: { inputs: [carried], statements, output, names: context.names },
      locals: inside.locals,
      shape: this.shapes(),
    }
    structurer.setSources(context, nodes, statement)
    return statement
  }

  private countCode(): string {
    const key = Object.hasOwn(this.written.options, 'over') ? 'over' : 'times'
    return printValue(
      this.context,
      this.nodes.map(({ lists }) => lists.length),
      this.written,
      key,
    )
  }

  /** The counter of the loop; it has the name of the spec if that counts from 0. */
  private indexAtom(): Atom {
    const { options } = this.written
    const spoken = Object.hasOwn(options, 'times') && typeof options['as'] === 'string' ? options['as'] : ''
    const code = nameInLoop(this.context, spoken === '' ? (counters[this.context.loops.length] ?? 'i') : spoken)
    return { spoken, code, values: this.iterations.map(({ number }) => number), use: { count: 0 } }
  }

  /** The item of `over`, if it has a name. */
  private itemAtom(): Atom | undefined {
    const { over, as: spoken } = this.written.options
    if (over === undefined || typeof spoken !== 'string') return undefined
    const values = this.iterations.map(({ list }) => findBinding(list.scope, spoken)?.resolve().value)
    return { spoken, code: nameInLoop(this.context, spoken), values, use: { count: 0 } }
  }

  private nameStart(index: Atom): NameStart {
    const { context, nodes, outer, iterations } = this
    const names = nodes.map((node, place) => `${outer[place]!.prefix}${node.name}`)
    const start = partsOf(context, names)
    if (start === undefined) throw new Differs()
    const values = iterations.map(({ list }) => list.prefix.slice(0, -1))
    return { parts: [...start.parts, '/', { code: index.code }], values, uses: [...start.uses, index.use] }
  }

  private headOf(count: string, index: Atom, item: Atom | undefined, isCounted: boolean): string {
    const isIndexed = isCounted || index.use.count > 0
    if (item === undefined || item.use.count === 0)
      return `let ${index.code} = 0; ${index.code} < ${count}; ${index.code}++`
    if (item.values.some((value) => value !== null && typeof value === 'object')) throw new Differs()
    const lists = this.nodes.map((_node, place) =>
      this.iterations.flatMap((one, number) => (one.place === place ? [item.values[number]] : [])),
    )
    const list = printValue(this.context, lists, this.written, 'over')
    const items = item.values.some((value) => typeof value === 'string') ? `(${list} as const)` : list
    return isIndexed ? `const [${index.code}, ${item.code}] of ${items}.entries()` : `const ${item.code} of ${items}`
  }

  /** The output shapes of the iterations, if they differ and are the same in each instance. */
  private shapes(): string {
    const all = this.nodes.map(({ lists }) => lists.map((list) => this.structurer.shapeOf(outputOf(list))))
    const shapes = onlyOne(all) ?? []
    if (new Set(shapes).size === 1) return ''
    return shapes.length > mostShapes ? `${shapes.slice(0, 2).join(', ')}, …, ${shapes.at(-1)!}` : shapes.join(', ')
  }
}

function outputOf(list: NodeList): string {
  return list.nodes.at(-1)?.output ?? ''
}

/** The code of one less than a count. */
function lastOf(count: string): string {
  if (/^\d+$/.test(count)) return String(Number(count) - 1)
  const [, start, less] = /^([\w$.]+) - (\d+)$/.exec(count) ?? []
  if (start !== undefined) return `${start} - ${Number(less) + 1}`
  return /^[\w$.]+$/.test(count) ? `${count} - 1` : `(${count}) - 1`
}
