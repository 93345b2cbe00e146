/**
 * Links a script: copies the declarations of src that its own code reaches, and no others, into the section that
 * reaches them first. The TypeScript compiler resolves names, so sources need not follow any naming rules: if two
 * declarations have the same name, one is renamed.
 */
import { dirname, join } from 'node:path'
import type { ts } from 'ts-morph'
import { findReferences } from './findReferences.ts'
import { indexExports, sourceFolder } from './sourceFolder.ts'
import { typescript } from './tsMorph.ts'

/** A section of a script, with the code written for its spec. */
export interface ScriptSection {
  readonly title: string
  /** Top-level statements. */
  readonly code: string
}

export interface LinkedSection {
  readonly title: string
  /** The section's own statements, then those that are linked for it. */
  readonly statements: readonly string[]
}

export interface LinkedScript {
  readonly imports: readonly PackageImport[]
  readonly sections: readonly LinkedSection[]
}

export interface PackageImport {
  readonly module: string
  /** The imported name; `*` for all of the module. */
  readonly imported: string
  readonly local: string
  readonly isType: boolean
}

/** A top-level statement of a source file. */
interface Declaration {
  readonly statement: ts.Statement
  readonly names: readonly string[]
  readonly references: readonly Reference[]
  /** The declarations whose values are needed when the script evaluates this one. */
  readonly evaluated: readonly Declaration[]
  readonly isType: boolean
}

interface Reference {
  readonly identifier: ts.Identifier
  readonly target: Target
}

/** What an identifier refers to outside its own statement: a declaration, by one of its names, or an import. */
type Target =
  | { readonly kind: 'declaration'; readonly statement: ts.Statement; readonly name: string }
  | { readonly kind: 'import'; readonly imported: Omit<PackageImport, 'local'>; readonly name: string }

export interface Linker {
  link(sections: readonly ScriptSection[], options?: LinkOptions): LinkedScript
}

export interface LinkOptions {
  /** Modules that replace files of src, by the path of the file in src: their exports are imported, not linked. */
  readonly modules?: Readonly<Record<string, string>>
  /** The package imports that the sections' own code may use, by local name; `*` imports the whole module. */
  readonly packages?: Readonly<Record<string, readonly [module: string, imported: string]>>
}

/** Creates a linker, which reads each source file once for all scripts. */
export function createLinker(folder = sourceFolder()): Linker {
  const files = indexExports(folder)
  const parsed = new Map<string, ts.SourceFile>()
  const read = (path: string): ts.SourceFile | undefined => {
    const text = parsed.has(path) ? undefined : typescript.sys.readFile(path)
    if (text !== undefined) parsed.set(path, parse(path, text))
    return parsed.get(path)
  }
  return {
    link(sections, { modules = {}, packages = {} } = {}) {
      const path = join(folder, 'script.ts')
      const root = parse(
        path,
        `${importsOf(sections, files, packages)}\n${sections.map(({ code }) => code).join('\n')}`,
      )
      const program = typescript.createProgram(
        [path],
        { noLib: true, types: [], allowImportingTsExtensions: true },
        hostOf(path, root, read),
      )
      const outside = new Map(Object.entries(modules).map(([file, module]) => [join(folder, file), module]))
      return linkRoot(root, sections, new Resolver(program, outside))
    },
  }
}

function parse(path: string, text: string): ts.SourceFile {
  return typescript.createSourceFile(path, text, typescript.ScriptTarget.ES2022, true)
}

/** Prints an import of each export that a word of the code may refer to; the compiler then resolves which are used. */
function importsOf(
  sections: readonly ScriptSection[],
  files: ReadonlyMap<string, string>,
  packages: NonNullable<LinkOptions['packages']>,
): string {
  const words = new Set(sections.flatMap(({ code }) => code.match(/[\w$]+/g) ?? []))
  const own = new Set(sections.flatMap(({ code }) => parse('section.ts', code).statements.flatMap(declaredNames)))
  return [...words]
    .filter((word) => !own.has(word))
    .flatMap((word) => {
      const [module, imported] = Object.hasOwn(packages, word) ? packages[word]! : [files.get(word), word]
      if (module === undefined) return []
      return [`import ${imported === '*' ? `* as ${word}` : `{ ${word} }`} from ${JSON.stringify(module)}`]
    })
    .join('\n')
}

function hostOf(path: string, root: ts.SourceFile, read: (path: string) => ts.SourceFile | undefined): ts.CompilerHost {
  const resolve = (specifier: string, from: string): ts.ResolvedModule | undefined => {
    const resolvedFileName = specifier.startsWith('.') ? join(dirname(from), specifier) : specifier
    return /^\w/.test(specifier) || specifier.startsWith('@') ? undefined : { resolvedFileName }
  }
  return {
    getSourceFile: (file) => (file === path ? root : read(file)),
    fileExists: (file) => file === path || read(file) !== undefined,
    readFile: () => undefined,
    writeFile: () => undefined,
    getDefaultLibFileName: () => '',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (file) => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNames: (names, from) => names.map((name) => resolve(name, from)),
  }
}

function linkRoot(root: ts.SourceFile, sections: readonly ScriptSection[], resolver: Resolver): LinkedScript {
  const own = root.statements.filter((statement) => !typescript.isImportDeclaration(statement))
  const placed = new Set<Declaration>()
  const inSections = sections.map(({ title, code }) => {
    const count = parse('section.ts', code).statements.length
    const statements = own.splice(0, count).map((statement) => resolver.declarationOf(statement))
    for (const declaration of statements) placed.add(declaration)
    return { title, statements }
  })
  const ordered = inSections.map(({ title, statements }) => {
    const linked: Declaration[] = []
    for (const declaration of statements) linkUses(declaration, resolver, placed, linked)
    return { title, own: statements, linked }
  })
  const names = new Names(
    inSections.flatMap(({ statements }) => statements),
    [...placed],
  )
  return {
    imports: names.imports,
    sections: ordered.map(({ title, own: first, linked }) => ({
      title,
      statements: [...first, ...linked].map((declaration) =>
        printDeclaration(declaration, names, first.includes(declaration)),
      ),
    })),
  }
}

/** Places the declarations that a declaration uses after it: types first, and each followed by what it uses itself. */
function linkUses(declaration: Declaration, resolver: Resolver, placed: Set<Declaration>, linked: Declaration[]): void {
  const used = declaration.references.flatMap(({ target }) =>
    target.kind === 'declaration' ? [resolver.declarationOf(target.statement)] : [],
  )
  for (const next of [...used.filter(({ isType }) => isType), ...used.filter(({ isType }) => !isType)]) {
    if (placed.has(next)) continue
    placed.add(next)
    for (const value of next.evaluated) {
      if (placed.has(value)) continue
      placed.add(value)
      linked.push(value)
      linkUses(value, resolver, placed, linked)
    }
    linked.push(next)
    linkUses(next, resolver, placed, linked)
  }
}

/** Resolves identifiers to declarations and imports. */
class Resolver {
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

function declaredNames(statement: ts.Statement): string[] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const { name } = statement as { readonly name?: ts.Identifier } & ts.Statement
  return name ? [name.text] : []
}

/** The names that declarations and imports have in the script. */
class Names {
  readonly #declarations = new Map<ts.Statement, Map<string, string>>()
  readonly #imports = new Map<string, PackageImport>()
  /** Names that are in use, at the top level or inside declarations, so that no local name shadows a top-level one. */
  readonly #taken = new Set<string>()
  readonly #mentioned: ReadonlySet<string>

  /** @param own Declarations that keep their names. */
  constructor(own: readonly Declaration[], all: readonly Declaration[]) {
    this.#mentioned = new Set(all.flatMap(({ statement }) => findReferences(statement, 'all').map(({ text }) => text)))
    for (const { statement, names } of own)
      this.#declarations.set(statement, new Map(names.map((name) => [name, name])))
    for (const { names } of own) for (const name of names) this.#taken.add(name)
    for (const { target } of all.flatMap(({ references }) => references)) {
      if (target.kind === 'import') this.#addImport(target)
    }
    for (const { statement, names } of all) {
      if (this.#declarations.has(statement)) continue
      this.#declarations.set(statement, new Map(names.map((name) => [name, this.#allocate(name)])))
    }
  }

  get imports(): readonly PackageImport[] {
    return [...this.#imports.values()]
  }

  of(target: Target): string {
    if (target.kind === 'import') return this.#imports.get(keyOf(target.imported))!.local
    return this.#declarations.get(target.statement)!.get(target.name)!
  }

  #addImport({ imported, name }: Target & { readonly kind: 'import' }): void {
    const key = keyOf(imported)
    const known = this.#imports.get(key)
    const isType = imported.isType && known?.isType !== false
    this.#imports.set(key, { ...imported, isType, local: known?.local ?? this.#allocate(name) })
  }

  #allocate(wanted: string): string {
    let name = wanted
    for (let next = 2; this.#taken.has(name) || (next > 2 && this.#mentioned.has(name)); next++)
      name = `${wanted}${next}`
    this.#taken.add(name)
    return name
  }
}

function keyOf({ module, imported }: Omit<PackageImport, 'local'>): string {
  return `${module} ${imported}`
}

/** Prints a declaration with its comment, using the names of the script. */
function printDeclaration({ statement, references }: Declaration, names: Names, isOwn: boolean): string {
  const source = statement.getSourceFile()
  const start = startWithComments(statement, source)
  let text = ''
  let position = start
  for (const { identifier, target } of references) {
    const name = names.of(target)
    if (name === identifier.text) continue
    const isShorthand = typescript.isShorthandPropertyAssignment(identifier.parent)
    text += source.text.slice(position, identifier.getStart()) + (isShorthand ? `${identifier.text}: ${name}` : name)
    position = identifier.end
  }
  text += source.text.slice(position, statement.end)
  return isOwn ? text : text.replace(/^export /m, '')
}

/** Returns the offset of the first comment directly above a statement, or of the statement. */
function startWithComments(statement: ts.Statement, source: ts.SourceFile): number {
  let start = statement.getStart()
  for (const { pos, end } of (typescript.getLeadingCommentRanges(source.text, statement.pos) ?? []).toReversed()) {
    if (/\n\s*\n/.test(source.text.slice(end, start))) break
    start = pos
  }
  return start
}
