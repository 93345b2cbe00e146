/** The prose of a file: comments and texts of code, titles of tests, and Markdown without its code. */
import ts from 'typescript5'

export interface Passage {
  readonly file: string
  /** Where it starts, counted from 1. */
  readonly line: number
  readonly text: string
}

export function proseOf(file: string, content: string): Passage[] {
  if (file.endsWith('.md')) return [{ file, line: 1, text: withoutCode(content) }]
  if (file.endsWith('.yaml')) return file.startsWith('templates/') ? [{ file, line: 1, text: content }] : []
  return proseOfCode(file, content)
}

/** Markdown in which code is blank, so that lines keep their numbers. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`|\]\([^)]*\)/gm, blank)
}

function proseOfCode(file: string, content: string): Passage[] {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest)
  const passages: Passage[] = []
  const add = (start: number, text: string): void => {
    passages.push({ file, line: source.getLineAndCharacterOfPosition(start).line + 1, text })
  }
  const literals: [start: number, end: number][] = []
  const visit = (node: ts.Node, isRead: boolean): void => {
    if (isLiteral(node)) {
      const start = node.getStart(source)
      const text = content.slice(start, node.end)
      literals.push([start, node.end])
      if (isRead && !ts.isRegularExpressionLiteral(node))
        add(start, text.replaceAll(/(?!^)\\?`[^`\n]*[^`\n\\]\\?`(?!$)/g, blank))
    }
    const isInside = isRead && !ts.isImportDeclaration(node) && !ts.isLiteralTypeNode(node)
    ts.forEachChild(node, (child) => visit(child, isInside || isTitle(node, child, source)))
  }
  visit(source, !file.startsWith('test/'))
  if (file.startsWith('test/')) return passages
  let code = ''
  for (const [start, end] of literals) code += content.slice(code.length, start) + blank(content.slice(start, end))
  code += content.slice(code.length)
  for (const { 0: text, index } of code.matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g)) {
    add(index, text.replaceAll(/`[^`\n]*`/g, blank))
  }
  return passages
}

type Literal =
  ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail

function isLiteral(node: ts.Node): node is Literal | ts.RegularExpressionLiteral {
  return ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node)
}

/** Of tests, only the titles are prose. */
function isTitle(call: ts.Node, child: ts.Node, source: ts.SourceFile): boolean {
  if (!ts.isCallExpression(call) || call.arguments[0] !== child) return false
  return /^(it|test|describe)\b/.test(call.expression.getText(source))
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ')
}
