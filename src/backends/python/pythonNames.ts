/** Chooses names of variables in Python. */

const keywords =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield'
const builtins =
  'abs all any bool bytes dict dir enumerate filter float format hash help hex id input int iter len list map max min next object open pow print property range repr reversed round set slice sorted str sum super tuple type vars zip'

/** Keywords of Python, and the names of its functions that a script should not hide. */
export const pythonWords: readonly string[] = `${keywords} ${builtins}`.split(' ')

export interface PythonNames {
  /** Returns a name in snake case that is free, as close as possible to the wanted one: `residual/0/conv` → `residual_0_conv`. */
  allocate(wanted: string): string
}

/** @param taken Names that are in use already. */
export function createPythonNames(taken: Iterable<string>): PythonNames {
  const used = new Set([...pythonWords, ...taken])
  return {
    allocate(wanted) {
      const base = identifierOf(wanted)
      let name = base
      for (let number = 1; used.has(name); number += 1) name = `${base}_${number}`
      used.add(name)
      return name
    },
  }
}

function identifierOf(text: string): string {
  const word = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/\W+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase()
  if (word === '') return 'layer'
  return /^\d/.test(word) ? `_${word}` : word
}
