/** Names the declarations and imports of a script so that none clash, and prints the declarations with these names. */
import type { ts } from 'ts-morph'
import { findReferences } from './findReferences.ts'
import type { Declaration, PackageImport, Target } from './resolver.ts'
import { typescript } from './tsMorph.ts'

/** The names that declarations and imports have in the script. */
export class Names {
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
export function printDeclaration({ statement, references }: Declaration, names: Names, isOwn: boolean): string {
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
