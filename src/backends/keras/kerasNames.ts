/** Names layers for Keras, whose names may not contain a `/`. */

/** Returns the name of each layer: its own, or one with `_` for each `/` that no other layer has. */
export function kerasNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names)
  return new Map(
    names.map((name) => {
      if (!name.includes('/')) return [name, name]
      const base = name.replaceAll('/', '_')
      let free = base
      for (let number = 1; taken.has(free); number += 1) free = `${base}_${number}`
      taken.add(free)
      return [name, free]
    }),
  )
}
