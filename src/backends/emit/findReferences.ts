/** The names that a declaration refers to. */
import { ts } from 'ts-morph'

/**
 * @param which All names, or only those whose values are needed when the script comes to the declaration: not the names
 *   of types, nor those in the bodies of functions, which run later.
 */
export function findReferences(declaration: ts.Node, which: 'all' | 'evaluated'): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (which === 'evaluated' && (ts.isTypeNode(node) || runsLater(node))) return
    if (ts.isIdentifier(node) && isReference(node)) names.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(declaration)
  return names
}

function runsLater(node: ts.Node): boolean {
  // What a class extends is evaluated, though its syntax counts as a type.
  if (ts.isExpressionWithTypeArguments(node)) return false
  if (ts.isPropertyDeclaration(node)) {
    return !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  }
  return ts.isFunctionLike(node)
}

/** Whether an identifier stands for a variable or type, and is not the name of a member, a key or a label. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node
  if (ts.isQualifiedName(parent)) return parent.right !== node
  if (ts.isBindingElement(parent)) return parent.propertyName !== node
  if (ts.isNamedTupleMember(parent)) return parent.name !== node
  if (ts.isPropertyAssignment(parent)) return parent.name !== node
  if (ts.isClassElement(parent) || ts.isTypeElement(parent)) return parent.name !== node
  return !ts.isLabeledStatement(parent) && !ts.isBreakOrContinueStatement(parent) && !ts.isMetaProperty(parent)
}
