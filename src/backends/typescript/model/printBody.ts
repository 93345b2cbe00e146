/** What the printers of graphs and of chains share. */
import { printComment } from '../printExpression.ts'
import type { BlockFunction, CallStatement, LoopStatement } from './body.ts'

/** @param inputs The names of the inputs; none if it returns layers. */
export function printSignature(
  { name, hasScope, params }: BlockFunction,
  inputs: readonly string[],
  result: string,
): string {
  const all = [...(hasScope ? [{ name: 'scope', type: 'string', byDefault: 'name' }] : []), ...params]
  const names = all.map((param) => (param.byDefault === undefined ? param.name : `${param.name} = ${param.byDefault}`))
  const types = all.map((param) => `${param.name}${param.byDefault === undefined ? '' : '?'}: ${param.type}`)
  const byDefault = all.every((param) => param.byDefault !== undefined) ? ' = {}' : ''
  const options = all.length === 0 ? [] : [`{ ${names.join(', ')} }: { ${types.join('; ')} }${byDefault}`]
  const taken = [...inputs.map((input) => `${input}: tf.SymbolicTensor`), 'name: string', ...options]
  return `function ${name}(${taken.join(', ')}): ${result} {`
}

/** @param inputs The code of its inputs. */
export function printFunctionCall(
  { function: called, layerName, args }: CallStatement,
  inputs: readonly string[],
): string {
  const fields = args.map(([name, code]) => (name === code ? name : `${name}: ${code}`))
  const options = fields.length === 0 ? [] : [`{ ${fields.join(', ')} }`]
  return `${called.name}(${[...inputs, layerName, ...options].join(', ')})`
}

/** The first lines of a loop: its shapes, its head and its constants. */
export function printLoopStart({ shape, head, locals }: LoopStatement): string[] {
  const constants = locals.map(([name, code]) => `const ${name} = ${code}`)
  return [...(shape === '' ? [] : [printShape(shape)]), `for (${head}) {`, ...constants]
}

/** The output shape as a comment, if it is known. */
export function printShape(shape: string): string {
  return shape === '' ? '' : ` ${printComment(shape)}`
}
