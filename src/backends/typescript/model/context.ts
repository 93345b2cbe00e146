/**
 * What the code of a function or a loop can refer to. The code stands for several instances, one for each use of the block
 * in each iteration, so each of these names has a value for each instance.
 */
import type { NameScope } from '../../../program/nameScope.ts'
import type { Value } from './body.ts'

/** Thrown if instances differ in more than values that code can compute, so that each needs code of its own. */
export class Differs extends Error {}

/** A parameter or a counter. */
export interface Atom {
  /** The name of the spec. */
  readonly spoken: string
  readonly code: string
  readonly values: readonly unknown[]
  readonly use: Use
}

/** Whether code refers to a parameter. */
export interface Use {
  count: number
}

export type NamePart = string | { readonly code: string }

/** The start of the names of layers: the parameter `name`, or the name of a repeat with the number of its iteration. */
export interface NameStart {
  readonly parts: readonly NamePart[]
  readonly values: readonly string[]
  readonly uses: readonly Use[]
}

/** The values of an instance, by the name of the layer in the program. An iteration has those around its loop too. */
export class Sources {
  private readonly own: Map<string, Value>
  private readonly outer: Sources | undefined

  constructor(own: Iterable<readonly [string, Value]>, outer?: Sources) {
    this.own = new Map(own)
    this.outer = outer
  }

  get(name: string): Value | undefined {
    return this.own.get(name) ?? this.outer?.get(name)
  }

  /** The value around a loop of a name that is the input of the iteration as well. */
  getAround(name: string): Value | undefined {
    return this.outer?.get(name)
  }

  set(name: string, value: Value): void {
    this.own.set(name, value)
  }
}

export interface Loop {
  /** The code of the condition that an iteration is not the last one. */
  readonly isNotLast: string
  readonly isLast: readonly boolean[]
  readonly use: Use
}

export interface Condition {
  readonly code: string
  readonly values: readonly boolean[]
}

export interface Context {
  /** The number of instances. */
  readonly size: number
  readonly atoms: readonly Atom[]
  /** The innermost first. */
  readonly starts: readonly NameStart[]
  /** For each instance, the values that its layers can be applied to. */
  readonly sources: readonly Sources[]
  /** The loops around the code, the innermost first. */
  readonly loops: readonly Loop[]
  /** The conditions of layers beside the code. */
  readonly conditions: readonly Condition[]
  /** The constants of the innermost loop, with their code. */
  readonly locals: (readonly [name: string, code: string])[]
  /** The names of counters and constants, which loops beside each other share. */
  readonly counters: Map<string, string>
  readonly names: NameScope
}

/** Returns the only value of a list whose values are equal, or undefined. Compares what JSON has of them. */
export function onlyOne<T>(values: readonly T[]): T | undefined {
  const first = JSON.stringify(values[0])
  return values.every((value) => JSON.stringify(value) === first) ? values[0] : undefined
}

export function areEqual(left: readonly unknown[], right: readonly unknown[]): boolean {
  return (
    left.length === right.length && left.every((value, place) => JSON.stringify(value) === JSON.stringify(right[place]))
  )
}

/** Runs a step that may find out that instances differ, and then forgets which names it used. Returns undefined if they differ. */
export function attempt<T>({ atoms, starts, loops }: Context, step: () => T): T | undefined {
  const uses = [
    ...atoms.map(({ use }) => use),
    ...starts.flatMap((start) => start.uses),
    ...loops.map(({ use }) => use),
  ]
  const before = uses.map(({ count }) => count)
  try {
    return step()
  } catch (error) {
    if (!(error instanceof Differs)) throw error
    for (const [place, use] of uses.entries()) use.count = before[place]!
    return undefined
  }
}

/** Returns the name of a counter or a constant of a loop. Loops beside each other have the same. */
export function nameInLoop({ counters, names, loops }: Context, wanted: string, number = 0): string {
  const key = `${loops.length} ${wanted} ${number}`
  const code = counters.get(key) ?? names.allocate(wanted)
  counters.set(key, code)
  return code
}

/** The same names in some of the instances, which may be repeated. */
export function atPlaces(context: Context, places: readonly number[]): Context {
  const pick = <T>(values: readonly T[]): T[] => places.map((place) => values[place]!)
  const { atoms, starts, sources, loops, conditions } = context
  return {
    ...context,
    size: places.length,
    atoms: atoms.map((atom) => ({ ...atom, values: pick(atom.values) })),
    starts: starts.map((start) => ({ ...start, values: pick(start.values) })),
    sources: pick(sources),
    conditions: conditions.map((condition) => ({ ...condition, values: pick(condition.values) })),
    loops: loops.map((loop) => ({ ...loop, isLast: pick(loop.isLast) })),
  }
}
