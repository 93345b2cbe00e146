/** Every type in a signature that an entry point exports is exported by it, too. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript5'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

it.each(['src/index.ts', 'src/check.ts', 'src/train.ts'])('%s exports every type that its signatures name', (entry) => {
  expect(hiddenTypes(entry)).toEqual([])
})

/** The types of src and of packages other than TensorFlow.js that are in declarations of exports, and are not exported. */
function hiddenTypes(entry: string): string[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [entry] }, ts.sys, root)
  const program = ts.createProgram([`${root}/${entry}`], options)
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(`${root}/${entry}`)!)!
  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [resolve(symbol), symbol.name]))
  const hidden = new Set<string>()
  for (const [symbol, name] of exported) {
    for (const declaration of symbol.declarations ?? []) {
      if (isOwn(declaration)) visit(declaration, name)
    }
  }
  return [...hidden].toSorted()

  function visit(node: ts.Node, name: string): void {
    if (
      ts.isBlock(node) ||
      (ts.isExpression(node) && !ts.isExpressionWithTypeArguments(node) && !ts.isIdentifier(node))
    )
      return
    if (
      ts.isClassElement(node) &&
      ts.canHaveModifiers(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
    )
      return
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const named = checker.getSymbolAtLocation(ts.isTypeReferenceNode(node) ? node.typeName : node.expression)
      const type = named && resolve(named)
      const [declared] = type?.declarations ?? []
      if (type && declared && !ts.isTypeParameterDeclaration(declared) && !exported.has(type) && !isForeign(declared)) {
        hidden.add(`${type.name} of ${name}`)
      }
    }
    ts.forEachChild(node, (child) => visit(child, name))
  }
}

function isOwn(node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith(`${root}src/`)
}

/** What needs no export: types of the language, of Node and of TensorFlow.js. */
function isForeign(node: ts.Node): boolean {
  return /\/node_modules\/(typescript|typescript5|@types\/node|@tensorflow)\//.test(node.getSourceFile().fileName)
}
