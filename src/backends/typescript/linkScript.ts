/**
 * Links a script: copies the declarations of src that its own code reaches, and no others, into the section that
 * reaches them first. The TypeScript compiler resolves names, so sources need not follow any naming rules: if two
 * declarations have the same name, one is renamed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ts } from 'ts-morph'
import { declaredNames, Resolver, type Declaration, type PackageImport } from './resolver.ts'
import { Names, printDeclaration } from './scriptNames.ts'
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
export function createLinker(): Linker {
  const folder = sourceFolder()
  const files = indexExports(folder)
  const parsed = new Map<string, ts.SourceFile>()
  const read = (path: string): ts.SourceFile | undefined => {
    if (!parsed.has(path) && existsSync(path)) parsed.set(path, parse(path, readFileSync(path, 'utf8')))
    return parsed.get(path)
  }
  return {
    link(sections, { modules = {}, packages = {} } = {}) {
      const path = join(folder, 'script.ts')
      const root = parse(
        path,
        `${importsOf(sections, files, packages)}\n${sections.map(({ code }) => code).join('\n')}`,
      )
      const outside = new Map(Object.entries(modules).map(([file, module]) => [join(folder, file), module]))
      // Nothing is linked from files that modules replace, so these and what only they import are not read.
      const readLinked = (file: string) => (outside.has(file) ? undefined : read(file))
      const program = typescript.createProgram(
        [path],
        { noLib: true, types: [], allowImportingTsExtensions: true },
        hostOf(path, root, readLinked),
      )
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
