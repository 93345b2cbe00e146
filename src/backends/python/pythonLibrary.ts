/**
 * Finds the definitions that a script uses in `library/*.py` of the Python back ends. These files are plain Python that
 * `ruff` and `mypy` check; a script gets copies of the functions, classes and constants that it names.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFolder } from '../typescript/sourceFolder.ts'

export interface PythonDefinition {
  readonly name: string
  readonly text: string
  /** The names that its code contains. */
  readonly names: ReadonlySet<string>
}

export type PythonLibrary = ReadonlyMap<string, PythonDefinition>

/** Reads the libraries of these back ends. A file may use the definitions of the files before it. */
export function readLibrary(backends: readonly string[]): PythonLibrary {
  const definitions = backends.flatMap((backend) => {
    const folder = join(sourceFolder(), 'backends', backend, 'library')
    const files = readdirSync(folder).filter((name) => name.endsWith('.py'))
    return files.toSorted().flatMap((name) => readDefinitions(readFileSync(join(folder, name), 'utf8')))
  })
  return new Map(definitions.map((definition) => [definition.name, definition]))
}

const definitionStart = /^(?:def|class) (\w+)|^(\w+)(?:: [^=]+)? = /m

/** Splits a file at blank lines outside of definitions. What does not begin one, such as imports, is left out. */
function readDefinitions(text: string): PythonDefinition[] {
  const lines = text.replaceAll('\r\n', '\n').trimEnd().split('\n')
  const starts = lines.flatMap((line, place) =>
    /^[@\w]/.test(line) && !/^[@)\]]/.test(lines[place - 1] ?? '') ? [place] : [],
  )
  return starts.flatMap((start, index) => {
    const part = lines
      .slice(start, starts[index + 1])
      .join('\n')
      .trimEnd()
    const [, defined, assigned] = definitionStart.exec(part) ?? []
    const name = defined ?? assigned
    return name === undefined || /^(?:import|from) /.test(part) ? [] : [{ name, text: part, names: namesIn(part) }]
  })
}

/** The names in code, outside of strings and comments. Expressions in f-strings count. */
export function namesIn(code: string): ReadonlySet<string> {
  const strings = /"""[^]*?"""|f"(?:\\.|[^"\\])*"|[rb]*"(?:\\.|[^"\\\n])*"|[rb]*'(?:\\.|[^'\\\n])*'|#.*/g
  const bare = code.replaceAll(strings, (text) =>
    text.startsWith('f') ? [...text.replaceAll('{{', '').matchAll(/\{[^{}]*\}/g)].join(' ') : '""',
  )
  return new Set(Array.from(bare.matchAll(/(?<![.\w])[A-Za-z_]\w*/g), ([name]) => name))
}

/**
 * Returns the definitions that code uses, each after those that it uses itself.
 *
 * @param placed The names of definitions that the script has already; those that are returned are added to it.
 */
export function definitionsFor(code: string, library: PythonLibrary, placed: Set<string>): readonly PythonDefinition[] {
  const found: PythonDefinition[] = []
  const add = (names: Iterable<string>): void => {
    for (const name of names) {
      const definition = library.get(name)
      if (definition === undefined || placed.has(name)) continue
      placed.add(name)
      add(definition.names)
      found.push(definition)
    }
  }
  add(namesIn(code))
  return found
}
