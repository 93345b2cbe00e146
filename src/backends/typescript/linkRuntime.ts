/** Links declarations of the runtime into a script: those that it reaches, in an order that works and reads top-down. */
import type { Declaration, PackageImport, RuntimeLibrary } from './runtimeLibrary.ts'

export interface LinkedRuntime {
  readonly declarations: readonly Declaration[]
  readonly imports: readonly PackageImport[]
  /** Paths of the files that go beside the script. */
  readonly assets: readonly string[]
}

/** @param roots The names that the script itself uses. */
export function linkRuntime(library: RuntimeLibrary, roots: readonly string[]): LinkedRuntime {
  const declarations = placeValuesFirst(library, orderTopDown(library, roots))
  return {
    declarations,
    imports: declarations.flatMap(({ imports }) => imports),
    assets: [...new Set(declarations.flatMap(({ assets }) => assets))].toSorted(),
  }
}

/**
 * Keeps declarations of one file together and in its order, which is how they were written to be read, and puts each
 * file before those that it uses: its place is that in reverse postorder.
 */
function orderTopDown(library: RuntimeLibrary, roots: readonly string[]): Declaration[] {
  const reached = new Map<string, Set<Declaration>>()
  const filesUsed = new Map<string, Set<string>>()
  const queue = [...new Set(roots.map((name) => library.find(name)))]
  const rootFiles = [...new Set(queue.map(({ file }) => file))]
  const seen = new Set(queue)
  for (const declaration of queue) {
    addTo(reached, declaration.file, declaration)
    for (const used of declaration.uses.map((name) => library.find(name))) {
      if (used.file !== declaration.file) addTo(filesUsed, declaration.file, used.file)
      if (seen.has(used)) continue
      seen.add(used)
      queue.push(used)
    }
  }
  const files: string[] = []
  const visited = new Set<string>()
  const visit = (file: string): void => {
    if (visited.has(file)) return
    visited.add(file)
    for (const used of [...(filesUsed.get(file) ?? [])].toReversed()) visit(used)
    files.unshift(file)
  }
  for (const file of rootFiles.toReversed()) visit(file)
  return files.flatMap((file) => [...reached.get(file)!].toSorted((a, b) => a.position - b.position))
}

/** Moves constants and classes up, before what needs their value as soon as the script comes to it. */
function placeValuesFirst(library: RuntimeLibrary, ordered: readonly Declaration[]): Declaration[] {
  const placed = new Set<Declaration>()
  const begun = new Set<Declaration>()
  const place = (declaration: Declaration): void => {
    if (begun.has(declaration)) return
    begun.add(declaration)
    if (declaration.kind === 'value') for (const value of valuesNeeded(library, declaration)) place(value)
    placed.add(declaration)
  }
  for (const declaration of ordered) place(declaration)
  return [...placed]
}

/** The values that a declaration needs at once. A function that it mentions may be called, and then needs all it uses. */
function valuesNeeded(library: RuntimeLibrary, declaration: Declaration): Declaration[] {
  const needed = new Set<Declaration>()
  const seen = new Set([declaration])
  const visit = (names: readonly string[]): void => {
    for (const found of names.map((name) => library.find(name))) {
      if (seen.has(found)) continue
      seen.add(found)
      if (found.kind === 'value') needed.add(found)
      if (found.kind !== 'type') visit(found.uses)
    }
  }
  visit(declaration.evaluates)
  return [...needed]
}

function addTo<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}
