/** Prints a network in which each layer is applied to the one before: lists of layers, which `tf.sequential` joins. */
import type { Program } from '../../../program/program.ts'
import { printExpression, quote } from '../printExpression.ts'
import type { LoopStatement, Statement } from './body.ts'
import { fieldsOf } from './layerFields.ts'
import { printFunctionCall, printLoopStart, printShape, printSignature } from './printBody.ts'
import type { Model } from './structureModel.ts'

/** The first layer of the chain states the shape of the input. */
export function printChain({ name }: Program, { functions, body }: Model): string {
  const [input, ...statements] = body.statements
  const list = body.names.allocate('layers')
  const model = list === 'layers' ? list : `layers: ${list}`
  return [
    ...functions.flatMap((one) => [
      '',
      `/** ${one.comment} */`,
      printSignature(one, [], 'tf.layers.Layer[]'),
      ...printList(one.body.statements, [], one.body.names.allocate('layers'), (code) => [`return ${code}`]),
      '}',
    ]),
    ...(functions.length > 0 ? [''] : []),
    ...printList(statements, [printInput(input!)], list, (code) => (code === list ? [] : [`const ${list} = ${code}`])),
    `return tf.sequential({ name: ${quote(name)}, ${model} })`,
  ].join('\n')
}

function printInput(input: Statement): string {
  const fields = input.kind === 'layer' && input.call ? fieldsOf(input.call) : []
  const shape = fields.map(([key, value]) => [key === 'shape' ? 'inputShape' : key, value] as const)
  return `tf.layers.inputLayer(${printExpression({ kind: 'record', fields: shape })}),`
}

/**
 * Prints statements that make a list of layers. With loops, they add to a variable.
 *
 * @param start The items before them.
 * @param finish Prints what is done with the code of the list.
 */
function printList(
  statements: readonly Statement[],
  start: readonly string[],
  variable: string,
  finish: (code: string) => readonly string[],
): string[] {
  const loop = statements.findIndex(({ kind }) => kind === 'loop')
  const first = (loop < 0 ? statements : statements.slice(0, loop)).filter((one) => one.kind !== 'loop')
  const items = `[\n${[...start, ...first.map(printItem)].join('\n')}\n]`
  if (loop < 0) return [...finish(items)]
  return [
    `const ${variable}: tf.layers.Layer[] = ${items}`,
    ...printPushes(statements.slice(loop), variable),
    ...finish(variable),
  ]
}

function printPushes(statements: readonly Statement[], variable: string): string[] {
  const lines: string[] = []
  let added: Exclude<Statement, LoopStatement>[] = []
  const push = () => {
    const [first, ...others] = added
    if (first !== undefined && others.length === 0)
      lines.push(`${variable}.push(${codeOf(first)})${printShape(first.shape)}`)
    else if (first !== undefined) lines.push(`${variable}.push(\n${added.map(printItem).join('\n')}\n)`)
    added = []
  }
  for (const statement of statements) {
    if (statement.kind !== 'loop') {
      added.push(statement)
      continue
    }
    push()
    lines.push(...printLoopStart(statement), ...printPushes(statement.body.statements, variable), '}')
  }
  push()
  return lines
}

function printItem(statement: Exclude<Statement, LoopStatement>): string {
  return `${codeOf(statement)},${printShape(statement.shape)}`
}

/** The code of one or several items of a list. */
function codeOf(statement: Exclude<Statement, LoopStatement>): string {
  const { condition } = statement
  const isLayer = statement.kind === 'layer'
  const code = isLayer ? printExpression(statement.call!) : printFunctionCall(statement, [])
  if (condition !== undefined) return `...((${condition}) ? ${isLayer ? `[${code}]` : code} : [])`
  return isLayer ? code : `...${code}`
}
