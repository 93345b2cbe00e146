/** The names that the layers of one list can refer to: those of the top level, of one call of a block, or of one iteration. */
import type { Origin } from './origins.ts'
import type { Scope } from './scope.ts'
import type { StructureItem } from './structure.ts'

/** The largest number of calls and repeats inside each other. */
export const deepest = 64

export interface Frame {
  /** What the names of its layers begin with in the plain spec: `residual_1/`. */
  readonly prefix: string
  readonly scope: Scope
  /** The names of the inputs of a call or an iteration, with the layers that they stand for. */
  readonly inputs: ReadonlyMap<string, string>
  /** The local names of its layers, calls and repeats, with the layer of the plain spec that each ends with. */
  readonly names: Map<string, string>
  /** For an iteration, the list around the repeat, whose layers it can refer to. A block cannot refer to layers around its call. */
  readonly outer?: Frame | undefined
  /** Whether all its layers are frozen. */
  readonly isFrozen: boolean
  /** What its items expanded to so far. */
  readonly items: StructureItem[]
  /** The number of calls and repeats around it. */
  readonly depth: number
}

/** What the last layer of a list takes from the call or repeat around it. */
export interface Ending {
  readonly name: string
  readonly nameOrigin: Origin
}

/** A frame without names so far, of the top level unless `more` says otherwise. */
export function frameOf(scope: Scope, depth: number, more: Partial<Frame> = {}): Frame {
  return { prefix: '', scope, inputs: new Map(), names: new Map(), isFrozen: false, items: [], depth, ...more }
}

/** Returns the layer of the plain spec that a name stands for, or undefined if the list has no such name. */
export function resolveName(frame: Frame, name: string): string | undefined {
  const found = frame.inputs.get(name) ?? frame.names.get(name)
  if (found !== undefined) return found
  const [call = '', ...inner] = name.split('/')
  // A layer inside a call that this list makes.
  if (inner.length > 0 && frame.names.has(call)) return frame.prefix + name
  if (frame.outer !== undefined) return resolveName(frame.outer, name)
  // At the top level, the graph reports names that do not exist.
  return frame.prefix === '' ? name : undefined
}

/** The path that a call with a name has in the plain spec, if there is one: two calls may end with the same layer. */
export function pathOfCall(frame: Frame, name: string): string | undefined {
  if (frame.inputs.has(name)) return undefined
  const [first = ''] = name.split('/')
  if (frame.names.has(first)) return frame.prefix + name
  return frame.outer === undefined ? undefined : pathOfCall(frame.outer, name)
}

export function namesOf(frame: Frame): string[] {
  const own = [...frame.inputs.keys(), ...frame.names.keys()]
  return frame.outer === undefined ? own : [...own, ...namesOf(frame.outer)]
}

/** The origin of a layer of a list, with the use of the block or the repeat that made it. */
export function withUse(origin: Origin, { scope: { use } }: Frame): Origin {
  return use === undefined ? origin : { ...origin, use }
}
