/** Creates the function for a block from all its uses. */
import type { Block } from '../../../compose/blocks.ts'
import { findBinding } from '../../../compose/scope.ts'
import { countOf } from '../../../diagnostics/formatCount.ts'
import { impliedInputName } from '../../../language/layerNames.ts'
import { createNameScope } from '../../../program/nameScope.ts'
import { quote } from '../printExpression.ts'
import type { BlockFunction, Input, Param } from './body.ts'
import { attempt, Differs, onlyOne, Sources, type Atom, type Context, type NameStart } from './context.ts'
import type { ModelNode } from './modelTree.ts'
import { printConstant } from './printComputed.ts'
import type { Structuring } from './structuring.ts'

/** Returns undefined if the uses differ in more than values. */
export function createFunction(
  structurer: Structuring,
  block: Block,
  uses: readonly ModelNode[],
  name: string,
): BlockFunction | undefined {
  const names = createNameScope([...structurer.taken, 'name', 'scope'])
  const inputNames = block.inputs.length === 0 ? [impliedInputName] : block.inputs
  const inputs = inputNames.map((input): Input => ({ kind: 'start', name: input }))
  const lists = uses.map((use) => use.lists[0]!)
  const atoms = [...block.params.keys()].flatMap((spoken): Atom[] => {
    const values = lists.map(({ scope }) => findBinding(scope, spoken)?.resolve().value)
    const code = names.allocate(spoken)
    return onlyOne(values) === undefined ? [{ spoken, code, values, use: { count: 0 } }] : []
  })
  const own = startOf(
    'name',
    uses.map(({ output }) => output),
  )
  const scope = startOf(
    'scope',
    lists.map(({ prefix }) => prefix.slice(0, -1)),
  )
  const isScoped = scope.values.some((value, place) => value !== own.values[place])
  const context: Context = {
    size: uses.length,
    atoms,
    starts: isScoped ? [scope, own] : [own],
    sources: uses.map((use) => new Sources(use.inputs.map((input, place) => [input, inputs[place]!]))),
    loops: [],
    conditions: [],
    locals: [],
    counters: new Map(),
    names,
  }
  return attempt(context, () => {
    const statements = structurer.statementsOf(context, lists)
    const output = structurer.valueOf(context, own.values)
    if (output.kind === 'start') throw new Differs()
    return {
      name,
      comment: describe(structurer, block, uses),
      hasScope: isScoped && scope.uses[0]!.count > 0,
      params: atoms.filter(({ use }) => use.count > 0).map((atom) => paramOf(atom, uses)),
      body: { inputs, statements, output, names },
    }
  })
}

function startOf(code: string, values: readonly string[]): NameStart {
  return { parts: [{ code }], values, uses: [{ count: 0 }] }
}

const mostShapes = 2

/** Describes a function by the shapes of its uses. */
function describe(structurer: Structuring, block: Block, uses: readonly ModelNode[]): string {
  const all = uses.map(
    ({ inputs, output }) =>
      `${inputs.map((input) => structurer.shapeOf(input)).join(', ')} → ${structurer.shapeOf(output)}`,
  )
  const shapes = [...new Set(all)]
  const others = shapes.length > mostShapes ? ` and ${countOf(shapes.length - mostShapes, 'other')}` : ''
  return `Block \`${block.name}\`, ${countOf(uses.length, 'use')}: ${shapes.slice(0, mostShapes).join('; ')}${others}`
}

function paramOf({ spoken, code, values }: Atom, uses: readonly ModelNode[]): Param {
  const left = values.filter((_value, place) => !Object.hasOwn(uses[place]!.options, spoken))
  const byDefault = left.length === 0 ? undefined : onlyOne(left)
  return {
    spoken,
    name: code,
    type: [...new Set(values.map(typeOf))].toSorted().join(' | '),
    ...(byDefault !== undefined && { byDefault: printConstant(byDefault) }),
  }
}

/** The type of a value in TypeScript: a text has its own, since options accept only certain texts. */
function typeOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value) && value.every((item) => typeof item === 'number'))
    return `[${value.map(() => 'number').join(', ')}]`
  throw new Differs()
}
