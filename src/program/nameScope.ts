/** Allocates names for the variables of a script. */

/** Words that cannot be the name of a variable in a module, or would confuse readers. */
const reservedWords = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const constructor continue debugger declare ' +
    'default delete do else enum eval export extends false finally for from function get if implements import in ' +
    'instanceof interface is keyof let module namespace never new null number object of package private protected ' +
    'public readonly require return set static string super switch symbol this throw true try type typeof undefined ' +
    'unknown var void while with yield Infinity NaN globalThis process'
  ).split(' '),
)

export interface NameScope {
  /** Returns a valid, unique name as close as possible to the wanted one: `feature-map` → `featureMap`. */
  allocate(wanted: string): string
}

/** @param taken Names that are already in use. */
export function createNameScope(taken: Iterable<string>): NameScope {
  const used = new Set(taken)
  return {
    allocate(wanted) {
      const base = toIdentifier(wanted)
      let name = base
      for (let number = 1; used.has(name) || reservedWords.has(name); number += 1) name = `${base}_${number}`
      used.add(name)
      return name
    },
  }
}

function toIdentifier(text: string): string {
  const joined = text
    .replace(/[^\w$]+([a-z])/g, (_match, letter: string) => letter.toUpperCase())
    .replace(/[^\w$]+/g, '_')
  if (joined === '') return 'layer'
  return /^\d/.test(joined) ? `_${joined}` : joined
}
