/** Resolves the identifiers of source files to the top-level declarations and the imports that they refer to. */
import { dirname, join } from 'node:path'
import type { ts } from 'ts-morph'
import { findReferences } from './findReferences.ts'
import { typescript } from './tsMorph.ts'

export interface PackageImport {
  readonly module: string
  /** The imported name; `*` for all of the module. */
  readonly imported: string
  readonly local: string
  readonly isType: boolean
}

/** A top-level statement of a source file. */
export interface Declaration {
  readonly statement: ts.Statement
  readonly names: readonly string[]
  readonly references: readonly Reference[]
  /** The declarations whose values are needed when the script evaluates this one. */
  readonly evaluated: readonly Declaration[]
  readonly isType: boolean
}

export interface Reference {
  readonly identifier: ts.Identifier
  readonly target: Target
}

/** What an identifier refers to outside its own statement: a declaration, by one of its names, or an import. */
export type Target =
  | { readonly kind: 'declaration'; readonly statement: ts.Statement; readonly name: string }
  | { readonly kind: 'import'; readonly imported: Omit<PackageImport, 'local'>; readonly name: string }

/** Resolves identifiers to declarations and imports. */
export class Resolver {
  readonly #checker: ts.TypeChecker
  readonly #outside: ReadonlyMap<string, string>
  readonly #known = new Map<ts.Statement, Declaration>()

  /** @param outside The modules that replace files, by the path of the file. */
  constructor(program: ts.Program, outside: ReadonlyMap<string, string>) {
    this.#checker = program.getTypeChecker()
    this.#outside = outside
  }

  declarationOf(statement: ts.Statement): Declaration {
    const known = this.#known.get(statement)
    if (known) return known
    const evaluated: Declaration[] = []
    const declaration: Declaration = {
      statement,
      names: declaredNames(statement),
      references: this.#referencesIn(statement, 'all'),
      evaluated,
      isType: typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement),
    }
    this.#known.set(statement, declaration)
    evaluated.push(...this.#valuesNeeded(statement))
    return declaration
  }

  /** Returns the values that evaluating a statement needs. A function that it mentions may be called, so all that the function uses counts. */
  #valuesNeeded(statement: ts.Statement): Declaration[] {
    const needed = new Set<ts.Statement>()
    const seen = new Set([statement])
    const visit = (code: ts.Statement, which: 'all' | 'evaluated'): void => {
      for (const { target } of this.#referencesIn(code, which)) {
        if (target.kind !== 'declaration' || seen.has(target.statement)) continue
        seen.add(target.statement)
        const isFunction = typescript.isFunctionDeclaration(target.statement)
        visit(target.statement, isFunction ? 'all' : 'evaluated')
        if (!isFunction) needed.add(target.statement)
      }
    }
    if (!typescript.isFunctionDeclaration(statement)) visit(statement, 'evaluated')
    return [...needed].map((one) => this.declarationOf(one)).filter(({ isType }) => !isType)
  }

  #referencesIn(statement: ts.Statement, which: 'all' | 'evaluated'): Reference[] {
    return findReferences(statement, which).flatMap((identifier) => {
      const target = this.#targetOf(identifier)
      return target ? [{ identifier, target }] : []
    })
  }

  #targetOf(identifier: ts.Identifier): Target | undefined {
    const isShorthand = typescript.isShorthandPropertyAssignment(identifier.parent)
    const symbol = isShorthand
      ? this.#checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : this.#checker.getSymbolAtLocation(identifier)
    const found = symbol?.declarations?.[0]
    if (found === undefined) return undefined
    const statement = topLevelStatement(found)
    if (!statement || !typescript.isImportDeclaration(statement)) return declared(found, statement)
    const isAll = typescript.isNamespaceImport(found)
    if (!isAll && !typescript.isImportSpecifier(found)) return undefined
    const { text: specifier } = statement.moduleSpecifier as ts.StringLiteral
    const imported = isAll ? '*' : (found.propertyName ?? found.name).text
    const file = join(dirname(found.getSourceFile().fileName), specifier)
    const module =
      specifier.startsWith('.') || specifier.startsWith('/')
        ? this.#outside.get(specifier.startsWith('/') ? specifier : file)
        : specifier
    if (module !== undefined) {
      const isType = statement.importClause?.isTypeOnly === true || (!isAll && found.isTypeOnly)
      return { kind: 'import', imported: { module, imported, isType }, name: found.name.text }
    }
    const original = this.#checker.getAliasedSymbol(symbol!).declarations?.[0]
    if (original === undefined)
      throw new Error(`${found.getSourceFile().fileName}: ${specifier} exports no ${imported}`)
    return declared(original, topLevelStatement(original))
  }
}

/** Returns the target of a declaration, or undefined if it is local to its statement. */
function declared(found: ts.Declaration, statement: ts.Statement | undefined): Target | undefined {
  const isTopLevel =
    (found as ts.Node) === statement || (typescript.isVariableDeclaration(found) && found.parent.parent === statement)
  const { name } = found as { readonly name?: ts.Node }
  if (!isTopLevel || statement === undefined || name === undefined) return undefined
  return { kind: 'declaration', statement, name: (name as ts.Identifier).text }
}

function topLevelStatement(node: ts.Node): ts.Statement | undefined {
  let found: ts.Node | undefined = node
  while (found && !typescript.isSourceFile(found.parent)) found = found.parent
  return found as ts.Statement | undefined
}

export function declaredNames(statement: ts.Statement): string[] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const { name } = statement as { readonly name?: ts.Identifier } & ts.Statement
  return name ? [name.text] : []
}
