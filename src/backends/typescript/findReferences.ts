/** Finds the identifiers by which code refers to variables and types. */
import type { ts } from 'ts-morph'
import { typescript } from './tsMorph.ts'

/**
 * Returns references in the order of the text.
 *
 * @param which All of them, or only those that are evaluated as soon as the script reaches the code. Types are not, nor
 *   are the bodies of functions, which run later.
 */
export function findReferences(code: ts.Node, which: 'all' | 'evaluated'): ts.Identifier[] {
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (which === 'evaluated' && (isType(node) || runsLater(node))) return
    if (typescript.isIdentifier(node) && isReference(node)) found.push(node)
    typescript.forEachChild(node, visit)
  }
  visit(code)
  return found
}

/** Whether a node is a type. The class in an `extends` clause is evaluated, although TypeScript parses it as a type. */
function isType(node: ts.Node): boolean {
  if (typescript.isInterfaceDeclaration(node) || typescript.isTypeAliasDeclaration(node)) return true
  if (typescript.isHeritageClause(node)) return node.token === typescript.SyntaxKind.ImplementsKeyword
  return typescript.isTypeNode(node) && !typescript.isExpressionWithTypeArguments(node)
}

function runsLater(node: ts.Node): boolean {
  if (typescript.isPropertyDeclaration(node)) {
    return !node.modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.StaticKeyword)
  }
  return typescript.isFunctionLike(node)
}

/** Whether an identifier is a variable or a type, and not the name of a member, a key or a label. */
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
