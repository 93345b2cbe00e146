/** The names that a declaration refers to. */
import type { ts } from 'ts-morph'
import { typescript } from './tsMorph.ts'

/**
 * @param which All names; or those of `values`, not of types; or only the `evaluated` ones, whose values are needed when
 *   the script comes to the declaration, and not those in the bodies of functions, which run later.
 */
export function findReferences(declaration: ts.Node, which: 'all' | 'values' | 'evaluated'): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (which !== 'all' && isType(node)) return
    if (which === 'evaluated' && runsLater(node)) return
    if (typescript.isIdentifier(node) && isReference(node)) names.add(node.text)
    typescript.forEachChild(node, visit)
  }
  visit(declaration)
  return names
}

/** What a class extends is evaluated, though its syntax counts as a type. */
function isType(node: ts.Node): boolean {
  if (typescript.isHeritageClause(node)) return node.token === typescript.SyntaxKind.ImplementsKeyword
  return typescript.isTypeNode(node) && !typescript.isExpressionWithTypeArguments(node)
}

function runsLater(node: ts.Node): boolean {
  if (typescript.isPropertyDeclaration(node)) {
    return !node.modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.StaticKeyword)
  }
  return typescript.isFunctionLike(node)
}

/** Whether an identifier stands for a variable or type, and is not the name of a member, a key or a label. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (typescript.isPropertyAccessExpression(parent)) return parent.name !== node
  if (typescript.isQualifiedName(parent)) return parent.right !== node
  if (typescript.isBindingElement(parent)) return parent.propertyName !== node
  if (typescript.isNamedTupleMember(parent)) return parent.name !== node
  if (typescript.isPropertyAssignment(parent)) return parent.name !== node
  if (typescript.isClassElement(parent) || typescript.isTypeElement(parent)) return parent.name !== node
  return (
    !typescript.isLabeledStatement(parent) &&
    !typescript.isBreakOrContinueStatement(parent) &&
    !typescript.isMetaProperty(parent)
  )
}
