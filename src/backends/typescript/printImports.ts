import type { ImportDeclarationStructure } from 'ts-morph'
import type { PackageImport } from './runtimeLibrary.ts'
import { StructureKind } from './tsMorph.ts'

/** One import declaration for each module and form, sorted; `type` stands where all uses are types. */
export function printImports(imports: readonly PackageImport[]): ImportDeclarationStructure[] {
  const modules = [...new Set(imports.map(({ module }) => module))].toSorted()
  return modules.flatMap((module) => {
    const merged = mergeImports(imports.filter((entry) => entry.module === module))
    const whole = merged.filter(({ imported }) => imported === '*')
    const named = merged.filter(({ imported }) => imported !== '*')
    const declarations = whole.map(({ local, isType }) =>
      declare(module, { namespaceImport: local, isTypeOnly: isType }),
    )
    if (named.length > 0) {
      const isTypeOnly = named.every(({ isType }) => isType)
      const namedImports = named.map(({ local, isType }) => ({ name: local, isTypeOnly: isType && !isTypeOnly }))
      declarations.push(declare(module, { isTypeOnly, namedImports }))
    }
    return declarations
  })
}

function declare(module: string, rest: Partial<ImportDeclarationStructure>): ImportDeclarationStructure {
  return { kind: StructureKind.ImportDeclaration, moduleSpecifier: module, ...rest }
}

/** Each name once, sorted. */
function mergeImports(imports: readonly PackageImport[]): PackageImport[] {
  const merged = new Map<string, PackageImport>()
  for (const entry of imports) {
    const { isType = true } = merged.get(entry.local) ?? {}
    merged.set(entry.local, { ...entry, isType: isType && entry.isType })
  }
  return [...merged.values()].toSorted((a, b) => (a.local < b.local ? -1 : 1))
}
