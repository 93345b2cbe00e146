/** The names that references can use at a place: the parameters of a block, the counters of repeats around it, and the variables of the spec. */
import type { Expanded, Use } from './origins.ts'

/** A name with its value, which is computed when it is first used. */
export interface Binding {
  resolve(): Expanded
}

export interface Scope {
  readonly outer?: Scope | undefined
  readonly bindings: ReadonlyMap<string, Binding>
  /** Whether names are missing because of a mistake that was reported. */
  readonly isIncomplete?: boolean
  /** Whether it is an iteration of a repeat whose counter has no name. */
  readonly unnamedCounter?: boolean
  /** The use of a block or a repeat that the place belongs to. */
  readonly use?: Use | undefined
}

export function findBinding(scope: Scope | undefined, name: string): Binding | undefined {
  for (let one = scope; one !== undefined; one = one.outer) {
    const found = one.bindings.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a name that is not found may be one that a reported mistake hides. */
export function mayBeHidden(scope: Scope | undefined): boolean {
  return scope !== undefined && (scope.isIncomplete === true || mayBeHidden(scope.outer))
}

/** All names that a reference can use, the innermost first. */
export function namesIn(scope: Scope): string[] {
  const names = new Set<string>()
  for (let one: Scope | undefined = scope; one !== undefined; one = one.outer) {
    for (const name of one.bindings.keys()) names.add(name)
  }
  return [...names]
}
