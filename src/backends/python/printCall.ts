/** Prints calls of a program as calls of the functions of `library`, which have the same names in snake case. */
import type { Call, Expression } from '../../language/expression.ts'
import { dataOf, printLiteral, snakeCase } from './printLiteral.ts'

/**
 * Prints a call. The options in a record become keyword arguments after the others.
 *
 * @param given The code of references, by name.
 * @param first The code of arguments before those of the call.
 */
export function printCall(
  { callee, args }: Call,
  given: Readonly<Record<string, string>> = {},
  first: readonly string[] = [],
): string {
  const records = args.flatMap((arg) => (arg.kind === 'record' ? arg.fields : []))
  const others = args.filter((arg) => arg.kind !== 'record')
  const positional = (endsWithHelp.has(callee) ? others.slice(0, -1) : others).map((arg) => printArgument(arg, given))
  const named = records.map(([key, value]) => `${snakeCase(key)}=${printLiteral(dataOf(value))}`)
  return `${snakeCase(callee)}(${[...first, ...positional, ...named].join(', ')})`
}

/** Readers whose last argument is the help for missing files, which a script prints itself. */
const endsWithHelp: ReadonlySet<string> = new Set(['readMnistFiles', 'readCifar10'])

function printArgument(arg: Expression, given: Readonly<Record<string, string>>): string {
  // A script runs in the folder of its project.
  if (arg.kind === 'call' && arg.callee === 'findUp') return printArgument(arg.args[0]!, given)
  if (arg.kind === 'call') return printCall(arg, given)
  if (arg.kind !== 'reference') return printLiteral(dataOf(arg))
  const code = given[arg.name] ?? arg.name
  if (arg.otherwise === undefined) return code
  return `${code} or Path(${printArgument(arg.otherwise, given)})`
}
