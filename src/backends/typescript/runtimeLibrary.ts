/**
 * The declarations of src/runtime, one by one, with what each of them uses. Files are parsed when they are first asked
 * for. Nothing is type-checked: names mean what their file declares or imports, for test/runtime/linkable.test.ts holds
 * the runtime to rules that make this true (no name twice, no shadowing, no renaming imports).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ts } from 'ts-morph'
import { findReferences } from './findReferences.ts'
import { typescript, type Project } from './tsMorph.ts'

export interface PackageImport {
  readonly module: string
  /** The imported name; `*` for all of the module. */
  readonly imported: string
  readonly local: string
  readonly isType: boolean
}

export interface Declaration {
  /** The names that it declares; a `const` can have several. */
  readonly names: readonly string[]
  /** The path of its file. */
  readonly file: string
  /** Its place in the file. */
  readonly position: number
  /** With its comments, without `export`. */
  readonly text: string
  /** Whether lines may have to be broken differently without `export`. */
  readonly needsFormat: boolean
  /** Functions are there from the start, and types are never; a value only once the script has come to it. */
  readonly kind: 'function' | 'type' | 'value'
  /** The declarations of the runtime that it uses, by name, in the order of the text. */
  readonly uses: readonly string[]
  /** Those among them that the script needs to have come to before it. */
  readonly evaluates: readonly string[]
  readonly imports: readonly PackageImport[]
  /** Paths of the files that it reads from beside its module. */
  readonly assets: readonly string[]
}

/** One that was just parsed. */
export interface ParsedDeclaration extends Declaration {
  readonly statement: ts.Statement
  /** What stands above it. */
  readonly comment: string
}

export interface RuntimeLibrary<Found extends Declaration = Declaration> {
  /** @throws Error where the runtime has no such declaration. */
  find(name: string): Found
}

export interface ParsedLibrary extends RuntimeLibrary<ParsedDeclaration> {
  /** All declarations: every file is parsed for them. */
  readAll(): ParsedDeclaration[]
}

export function createRuntimeLibrary(project: Project, folder: string): ParsedLibrary {
  const files = indexExports(folder)
  const declarations = new Map<string, ParsedDeclaration>()
  const read = new Set<string>()
  const readFileOf = (file: string): void => {
    if (read.has(file)) return
    read.add(file)
    const source = project.addSourceFileAtPath(file).compilerNode
    for (const declaration of readDeclarations(source, file)) {
      for (const declared of declaration.names) {
        declarations.set(declared, declaration)
        files.set(declared, file)
      }
    }
  }
  return {
    readAll() {
      for (const file of new Set(files.values())) readFileOf(file)
      return [...new Set(declarations.values())]
    },
    find(name) {
      const known = declarations.get(name)
      if (known) return known
      const file = files.get(name)
      if (file !== undefined) readFileOf(file)
      const found = declarations.get(name)
      if (!found) throw new Error(`src/runtime has no declaration called ${name}`)
      return found
    },
  }
}

/** Which file exports a name: found in the text, since parsing all files to know this would take longer than the rest. */
function indexExports(folder: string): Map<string, string> {
  const pattern = /^export (?:abstract )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm
  const files = new Map<string, string>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!isLinkable(path)) continue
    const file = join(folder, path)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(pattern)) files.set(name!, file)
  }
  return files
}

/** Whether a file of src may be linked into scripts. The folder `assembly` holds another language. */
export function isLinkable(path: string): boolean {
  return /^script\/.*\.ts$|^runtime\/(?!.*assembly).*\.ts$|^parts\/.*\.(run|fast)\.ts$|^system\/(knownError|runFiles|systemError|memoryError|lostReaders|controlCharacters|createFolder|cacheRoot|regularFile)\.ts$/.test(
    path.replaceAll('\\', '/'),
  )
}

function readDeclarations(source: ts.SourceFile, file: string): ParsedDeclaration[] {
  const statements = source.statements.filter((statement) => !typescript.isImportDeclaration(statement))
  const imports = new Map(readPackageImports(source).map((entry) => [entry.local, entry]))
  const ours = new Set([...readRelativeImports(source), ...statements.flatMap(declaredNames)])
  return statements.map((statement) => {
    const names = declaredNames(statement)
    const references = [...findReferences(statement, 'all')].filter((name) => !names.includes(name))
    const evaluated = findReferences(statement, 'evaluated')
    const uses = references.filter((name) => ours.has(name))
    const comment = readComment(statement, source)
    const { text, needsFormat } = readText(statement, source)
    return {
      names,
      file,
      position: statement.pos,
      statement,
      comment,
      text: comment + text,
      needsFormat,
      kind: kindOf(statement),
      uses,
      evaluates: uses.filter((name) => evaluated.has(name)),
      imports: references.flatMap((name) => imports.get(name) ?? []),
      assets: findAssets(statement, file),
    }
  })
}

function readComment(statement: ts.Statement, source: ts.SourceFile): string {
  const comments = typescript.getLeadingCommentRanges(source.text, statement.pos) ?? []
  return source.text.slice(comments[0]?.pos ?? statement.getStart(), statement.getStart())
}

function readText(statement: ts.Statement, source: ts.SourceFile): { text: string; needsFormat: boolean } {
  const whole = source.text
  const trailing = typescript.getTrailingCommentRanges(whole, statement.end) ?? []
  const code = whole.slice(statement.getStart(), trailing.at(-1)?.end ?? statement.end)
  const bare = code.replace(/^export /, '')
  return { text: bare, needsFormat: bare !== code && canBreakOtherwise(statement, bare) }
}

/** Whether a declaration that was broken into lines could have other ones now that it is shorter. */
function canBreakOtherwise(statement: ts.Statement, text: string): boolean {
  const [firstLine] = text.split('\n', 1)
  if (firstLine === text) return false
  if (typescript.isInterfaceDeclaration(statement) || typescript.isClassDeclaration(statement))
    return !firstLine!.endsWith(' {')
  if (!typescript.isFunctionDeclaration(statement) || !statement.body) return true
  const head = text.slice(0, text.length - statement.body.getWidth())
  const joined = head.replaceAll(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(', )', ')')
  return head.trimEnd().includes('\n') && (joined.length < lineWidth || head.includes('{'))
}

/** Of the runtime's sources. */
const lineWidth = 120

function kindOf(statement: ts.Statement): Declaration['kind'] {
  if (typescript.isFunctionDeclaration(statement)) return 'function'
  return typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement) ? 'type' : 'value'
}

function declaredNames(statement: ts.Statement): string[] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const { name } = statement as { name?: ts.Identifier } & ts.Statement
  return name ? [name.text] : []
}

function readPackageImports(source: ts.SourceFile): PackageImport[] {
  return source.statements.filter(typescript.isImportDeclaration).flatMap((declaration) => {
    const module = (declaration.moduleSpecifier as ts.StringLiteral).text
    const { importClause: clause } = declaration
    if (module.startsWith('.') || !clause?.namedBindings) return []
    const isType = clause.isTypeOnly
    if (typescript.isNamespaceImport(clause.namedBindings)) {
      return [{ module, imported: '*', local: clause.namedBindings.name.text, isType }]
    }
    return clause.namedBindings.elements.map((element) => ({
      module,
      imported: element.name.text,
      local: element.name.text,
      isType: isType || element.isTypeOnly,
    }))
  })
}

function readRelativeImports(source: ts.SourceFile): string[] {
  return source.statements.filter(typescript.isImportDeclaration).flatMap(({ moduleSpecifier, importClause }) => {
    const bindings = importClause?.namedBindings
    const isOurs = (moduleSpecifier as ts.StringLiteral).text.startsWith('.')
    return isOurs && bindings && typescript.isNamedImports(bindings)
      ? bindings.elements.map(({ name }) => name.text)
      : []
  })
}

/** The files of all `new URL('./file', import.meta.url)`. */
function findAssets(statement: ts.Statement, file: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (typescript.isNewExpression(node) && node.expression.getText() === 'URL') {
      const [path, base] = node.arguments ?? []
      if (path && typescript.isStringLiteral(path) && base?.getText() === 'import.meta.url') {
        if (!/^\.\/[^/]+$/.test(path.text))
          throw new Error(`${basename(file)} reads ${path.text}, not a file beside it`)
        found.push(fileURLToPath(new URL(path.text, pathToFileURL(file))))
      }
    }
    typescript.forEachChild(node, visit)
  }
  visit(statement)
  return found
}
