/** Compares two scripts by their syntax trees: only literals and names may differ, and only as expected. */
import type { ts } from 'ts-morph'
import { typescript } from '../../src/backends/typescript/tsMorph.ts'

/**
 * @param replaced Returns the text of the second script that corresponds to a text of the first.
 * @returns An unexpected difference, or undefined.
 */
export function compareTrees(first: string, second: string, replaced: (text: string) => string): string | undefined {
  const trees = [first, second].map(parse)
  const [left, right] = trees.map(leaves)
  const error = syntaxError(trees[1]!)
  if (error !== undefined) return `does not parse: ${error}`
  const names = new Map<string, string>()
  for (const [index, leaf] of left!.entries()) {
    const other = right![index]
    if (other === undefined || other.kind !== leaf.kind)
      return `${leaf.kind} ${leaf.text} became ${other?.kind} ${other?.text}`
    const isName = leaf.kind === 'Identifier'
    const wanted = isName ? (names.get(leaf.text) ?? other.text) : replaced(leaf.text)
    if (other.text !== wanted) return `${leaf.kind} ${leaf.text} became ${other.text}`
    if (isName) names.set(leaf.text, other.text)
  }
  if (right!.length > left!.length) return `there is more: ${right![left!.length]!.text}`
  return new Set(names.values()).size < names.size ? 'two names became one' : undefined
}

function parse(text: string): ts.SourceFile {
  return typescript.createSourceFile('script.ts', text, typescript.ScriptTarget.ESNext, true)
}

/** Returns the first syntax error of a file. The parser keeps errors in a property that its types do not declare. */
function syntaxError(file: ts.SourceFile): string | undefined {
  const { parseDiagnostics } = file as unknown as {
    parseDiagnostics: readonly ts.DiagnosticWithLocation[]
  }
  const [found] = parseDiagnostics
  return found && typescript.flattenDiagnosticMessageText(found.messageText, ' ')
}

interface Leaf {
  readonly kind: string
  readonly text: string
}

/** Returns the kind of each node in order, with its text if it has its own. Doc comments are not included. */
function leaves(file: ts.SourceFile): Leaf[] {
  const found: Leaf[] = []
  const visit = (node: ts.Node): void => {
    found.push(leafOf(node))
    // The keys `a`, `"a"` and `["a"]` are equal.
    typescript.forEachChild(node, (child) => {
      if (!(typescript.isPropertyAssignment(node) && child === node.name)) visit(child)
    })
  }
  visit(file)
  return found
}

function leafOf(node: ts.Node): Leaf {
  const kind = typescript.SyntaxKind[node.kind]
  if (typescript.isPropertyAssignment(node)) return { kind, text: keyText(node.name) }
  const hasText =
    typescript.isIdentifier(node) || typescript.isLiteralExpression(node) || typescript.isTemplateLiteralToken(node)
  return { kind, text: hasText ? node.text : '' }
}

function keyText(name: ts.PropertyName): string {
  if (!typescript.isComputedPropertyName(name)) return name.text
  return typescript.isStringLiteral(name.expression) ? name.expression.text : name.getText()
}
