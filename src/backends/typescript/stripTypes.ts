/** TypeScript to JavaScript by leaving its types out: every other character stays, comments too. Layout is the formatter's. */
import type { ts } from 'ts-morph'
import { typescript } from './tsMorph.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/**
 * The text from `start` to `end` without the types in `node`, which lies there. Of TypeScript that only adds types to
 * JavaScript, as the runtime's sources and our own scripts are.
 */
export function stripTypes(node: ts.Node, source: ts.SourceFile, start: number, end: number): string {
  const ranges: Range[] = []
  const visit = (child: ts.Node): void => {
    // What holds a type is what leaves it out, whole; only `extends` has a value within one.
    if (typescript.isTypeNode(child) && !typescript.isExpressionWithTypeArguments(child)) return
    ranges.push(...typesOf(child, source))
    typescript.forEachChild(child, visit)
  }
  visit(node)
  let text = ''
  let position = start
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    text += source.text.slice(position, Math.max(position, range.start))
    position = Math.max(position, range.end)
  }
  return text + source.text.slice(position, end)
}

/** Whether nothing of a statement or member is left without its types. */
function isAllType(node: ts.Node): boolean {
  if (typescript.isInterfaceDeclaration(node) || typescript.isTypeAliasDeclaration(node)) return true
  if (typescript.isIndexSignatureDeclaration(node)) return true
  const modifiers = typescript.canHaveModifiers(node) ? (node.modifiers ?? []) : []
  if (modifiers.some(({ kind }) => kind === typescript.SyntaxKind.DeclareKeyword)) return true
  const isMember = typescript.isMethodDeclaration(node) || typescript.isConstructorDeclaration(node)
  return (isMember || typescript.isFunctionDeclaration(node)) && node.body === undefined
}

/** What of a node itself, not of its children, is about types. */
function typesOf(node: ts.Node, source: ts.SourceFile): Range[] {
  if (isAllType(node)) return [{ start: node.pos, end: node.end }]
  if (
    typescript.isAsExpression(node) ||
    typescript.isSatisfiesExpression(node) ||
    typescript.isNonNullExpression(node)
  ) {
    return [{ start: node.expression.end, end: node.end }]
  }
  if (typescript.isParameter(node) && node.name.getText(source) === 'this') {
    return [{ start: node.pos, end: /^\s*,?/.exec(source.text.slice(node.end))![0].length + node.end }]
  }
  const parts = node as Partial<Annotated>
  const ranges = [parts.typeParameters, parts.typeArguments].flatMap((list) => inBrackets(list, source))
  if (isTyped(node)) {
    const { type, questionToken, exclamationToken } = node as Partial<Annotated>
    for (const mark of [questionToken, exclamationToken]) if (mark) ranges.push({ start: mark.pos, end: mark.end })
    // Before the type stands its colon, which is no node.
    if (type) ranges.push({ start: source.text.lastIndexOf(':', type.pos), end: type.end })
  }
  if (typescript.canHaveModifiers(node)) {
    for (const modifier of node.modifiers ?? []) {
      if (typeModifiers.has(modifier.kind)) ranges.push({ start: modifier.getStart(source), end: modifier.end })
    }
  }
  if (typescript.isClassLike(node)) {
    for (const clause of node.heritageClauses ?? []) {
      const isImplements = clause.token === typescript.SyntaxKind.ImplementsKeyword
      if (isImplements) ranges.push({ start: clause.pos, end: clause.end })
    }
  }
  return ranges
}

interface Annotated {
  readonly type: ts.TypeNode
  readonly questionToken: ts.Node
  readonly exclamationToken: ts.Node
  readonly typeParameters: ts.NodeArray<ts.Node>
  readonly typeArguments: ts.NodeArray<ts.Node>
}

function isTyped(node: ts.Node): boolean {
  return (
    typescript.isVariableDeclaration(node) ||
    typescript.isParameter(node) ||
    typescript.isPropertyDeclaration(node) ||
    typescript.isFunctionLike(node)
  )
}

const typeModifiers: ReadonlySet<ts.SyntaxKind> = new Set([
  typescript.SyntaxKind.ReadonlyKeyword,
  typescript.SyntaxKind.PublicKeyword,
  typescript.SyntaxKind.ProtectedKeyword,
  typescript.SyntaxKind.PrivateKeyword,
  typescript.SyntaxKind.OverrideKeyword,
  typescript.SyntaxKind.AbstractKeyword,
])

function inBrackets(list: ts.NodeArray<ts.Node> | undefined, source: ts.SourceFile): Range[] {
  if (list === undefined) return []
  return [{ start: source.text.lastIndexOf('<', list.pos), end: source.text.indexOf('>', list.end) + 1 }]
}
