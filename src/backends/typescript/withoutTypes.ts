import { findReferences } from './findReferences.ts'
import type { Declaration, ParsedDeclaration, RuntimeLibrary } from './runtimeLibrary.ts'
import { stripTypes } from './stripTypes.ts'

/** The runtime in JavaScript: declarations without their types, which use only what is left of them. */
export function withoutTypes(library: RuntimeLibrary<ParsedDeclaration>): RuntimeLibrary {
  const stripped = new Map<Declaration, Declaration>()
  return {
    find(name) {
      const declaration = library.find(name)
      const known = stripped.get(declaration) ?? stripDeclaration(declaration)
      stripped.set(declaration, known)
      return known
    },
  }
}

function stripDeclaration(parsed: ParsedDeclaration): Declaration {
  const { statement, comment, ...declaration } = parsed
  const { uses, imports } = declaration
  const source = statement.getSourceFile()
  const values = findReferences(statement, 'values')
  const code = stripTypes(statement, source, statement.getStart(), statement.end)
  return {
    ...declaration,
    text: comment + code.replace(/^export /, ''),
    needsFormat: true,
    uses: uses.filter((name) => values.has(name)),
    imports: imports.filter(({ local }) => values.has(local)),
  }
}
