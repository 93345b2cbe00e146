/**
 * Prints a network as the functional API has it: each layer is applied to variables. In scripts with functions or loops, a
 * value that only the next statement takes is in a variable that is assigned again, `x`; any other has a name of its own.
 */
import type { Program } from '../../../program/program.ts'
import type { NameScope } from '../../../program/nameScope.ts'
import { printExpression, quote } from '../printExpression.ts'
import type { BlockFunction, Body, LoopStatement, Statement, Value } from './body.ts'
import { printFunctionCall, printLoopStart, printShape, printSignature } from './printBody.ts'
import type { Model } from './structureModel.ts'

export function printGraph(program: Program, { functions, body }: Model, isStructured: boolean): string {
  const byName = new Map(body.statements.map((statement) => [statement.name, statement]))
  const ends = [...program.inputs, ...program.outputs].map((name) => byName.get(name)!)
  const printed = functions.flatMap((one) => ['', ...printFunction(one)])
  const printer = new BodyPrinter(body, ends, isStructured)
  const lines = printer.print()
  const list = (names: readonly string[]) => printer.list(names.map((name) => byName.get(name)!))
  return [
    ...printed,
    ...(functions.length > 0 ? [''] : []),
    ...lines,
    `return tf.model({ name: ${quote(program.name)}, inputs: ${list(program.inputs)}, outputs: ${list(program.outputs)} })`,
  ].join('\n')
}

function printFunction(made: BlockFunction): string[] {
  const { body, comment } = made
  const printer = new BodyPrinter(body, [body.output!], true)
  const inputs = printer.nameInputs()
  const lines = printer.print('return')
  return [`/** ${comment} */`, printSignature(made, inputs, 'tf.SymbolicTensor'), ...lines, '}']
}

/** The reader of what a body returns. */
const end = Symbol('end')

type Reader = Statement | typeof end | 'loop'

class BodyPrinter {
  private readonly body: Body
  private readonly names: NameScope
  private readonly isStructured: boolean
  private readonly readers = new Map<Value, Reader[]>()
  private readonly variables: Map<Value, string>
  /** The variables of layers that are applied more than once, by the name of the layer. */
  private readonly shared = new Map<string, string>()
  /** The variable that is assigned again. */
  private running: string | undefined
  private isDeclared = false
  private readonly depth: number

  constructor(
    body: Body,
    ends: readonly Value[],
    isStructured: boolean,
    variables = new Map<Value, string>(),
    depth = 0,
  ) {
    this.body = body
    this.names = body.names
    this.isStructured = isStructured
    this.variables = variables
    this.depth = depth
    for (const value of ends) this.addReader(value, end)
    for (const statement of body.statements) {
      for (const value of readBy(statement)) this.addReader(value, statement)
      if (statement.kind === 'loop') for (const value of readInside(statement.body)) this.addReader(value, 'loop')
    }
  }

  private addReader(value: Value, reader: Reader): void {
    this.readers.set(value, [...(this.readers.get(value) ?? []), reader])
  }

  /** Names the inputs of a function. An input that only the first statement takes is assigned again. */
  nameInputs(): string[] {
    const { inputs } = this.body
    if (inputs.length === 1 && this.isReadFirst(inputs[0]!)) this.continueIn(inputs[0]!, this.names.allocate('x'))
    else for (const input of inputs) this.variables.set(input, this.names.allocate(input.name))
    return inputs.map((input) => this.variables.get(input)!)
  }

  /** Makes the variable of an input the one that is assigned again. */
  private continueIn(input: Value, variable: string): void {
    this.variables.set(input, variable)
    this.running = variable
    this.isDeclared = true
  }

  private isReadFirst(input: Value): boolean {
    return (this.readers.get(input) ?? []).every((reader) => reader === this.body.statements[0])
  }

  list(values: readonly Value[]): string {
    const found = values.map((value) => this.variables.get(value)!)
    return found.length === 1 ? found[0]! : `[${found.join(', ')}]`
  }

  /** @param last What is done with the last value: it is returned, or assigned to the variable of a loop. */
  print(last?: 'return' | { readonly variable: string }): string[] {
    const { statements, output } = this.body
    this.nameVariables(last !== undefined)
    const lines = statements.flatMap((statement, place) => {
      const isLast = last !== undefined && place === statements.length - 1 && statement === output
      if (statement.kind === 'loop') return this.printLoop(statement, isLast ? last : undefined)
      const shape = printShape(statement.shape)
      if (!isLast) return this.printStatement(statement)
      return [`${last === 'return' ? 'return' : `${last.variable} =`} ${this.valueOf(statement)}${shape}`]
    })
    if (last === undefined || output === statements.at(-1)) return lines
    return [...lines, `${last === 'return' ? 'return' : `${last.variable} =`} ${this.variables.get(output!)!}`]
  }

  /** Gives each value its variable, except the last one of a body that returns it. */
  private nameVariables(returns: boolean): void {
    const { statements, output } = this.body
    for (const [place, statement] of statements.entries()) {
      if (returns && place === statements.length - 1 && statement === output) continue
      const next = statements[place + 1] ?? end
      const isRunning =
        this.isStructured &&
        !statement.isNamed &&
        this.readers.get(statement)?.every((reader) => reader === next) === true
      if (isRunning) this.running ??= this.names.allocate('xyz'[this.depth] ?? 'x')
      this.variables.set(statement, isRunning ? this.running! : this.names.allocate(statement.name))
    }
    for (const statement of statements) {
      if (statement.kind === 'layer' && statement.applies !== undefined && !this.shared.has(statement.applies))
        this.shared.set(statement.applies, this.names.allocate(`${statement.applies}-layer`))
    }
  }

  private printStatement(statement: Exclude<Statement, LoopStatement>): string[] {
    const variable = this.variables.get(statement)!
    const made =
      statement.kind === 'layer' && statement.layer !== undefined ? this.shared.get(statement.layer) : undefined
    const declared =
      made === undefined || statement.kind !== 'layer' || statement.call === undefined
        ? []
        : [`const ${made} = ${printExpression(statement.call)}`]
    if (statement.kind === 'layer' && !statement.isUsed) return declared
    return [...declared, `${this.assign(variable)} = ${this.valueOf(statement)}${printShape(statement.shape)}`]
  }

  /** The left side of an assignment, which declares a variable that is not declared yet. */
  private assign(variable: string): string {
    if (variable !== this.running) return `const ${variable}`
    if (this.isDeclared) return variable
    this.isDeclared = true
    const writes = this.body.statements.filter((one) => this.variables.get(one) === variable).length
    return `${writes > 1 ? 'let' : 'const'} ${variable}`
  }

  private valueOf(statement: Exclude<Statement, LoopStatement>): string {
    const { condition, inputs, otherwise = inputs[0]! } = statement
    const code =
      statement.kind === 'call'
        ? printFunctionCall(
            statement,
            inputs.map((input) => this.variables.get(input)!),
          )
        : this.layerCode(statement)
    return condition === undefined ? code : `(${condition}) ? (${code}) : ${this.variables.get(otherwise)!}`
  }

  private layerCode({ call, layer, applies, inputs }: Statement & { readonly kind: 'layer' }): string {
    const variable = this.shared.get(applies ?? layer ?? '')
    const made = variable ?? printExpression(call!)
    return inputs.length === 0 ? made : `${made}.apply(${this.list(inputs)}) as tf.SymbolicTensor`
  }

  /** Prints a loop that changes a variable. */
  private printLoop(loop: LoopStatement, last: 'return' | { readonly variable: string } | undefined): string[] {
    const before = this.variables.get(loop.inputs[0]!)!
    const variable = this.variableOfLoop(loop, last)
    const start = before === variable ? [] : [`${this.declare(variable, last)} = ${before}`]
    const [carried] = loop.body.inputs
    const printer = new BodyPrinter(loop.body, [loop.body.output!], true, this.variables, this.depth + 1)
    if (printer.isReadFirst(carried!)) printer.continueIn(carried!, variable)
    else this.variables.set(carried!, variable)
    return [
      ...start,
      ...printLoopStart(loop),
      ...printer.print({ variable }),
      '}',
      ...(last === 'return' ? [`return ${variable}`] : []),
    ]
  }

  private variableOfLoop(loop: LoopStatement, last: 'return' | { readonly variable: string } | undefined): string {
    if (last === undefined) return this.variables.get(loop)!
    if (last !== 'return') return last.variable
    this.running ??= this.names.allocate('x')
    return this.running
  }

  private declare(variable: string, last: 'return' | { readonly variable: string } | undefined): string {
    if (last !== undefined && last !== 'return') return variable
    if (variable !== this.running) return `let ${variable}`
    const isNew = !this.isDeclared
    this.isDeclared = true
    return isNew ? `let ${variable}` : variable
  }
}

/** The values that a statement takes. */
function readBy({ inputs, condition, otherwise }: Statement): readonly Value[] {
  return condition === undefined ? inputs : [...inputs, otherwise ?? inputs[0]!]
}

/** The values that the statements of a loop take, some of them from around it. */
function readInside(body: Body): readonly Value[] {
  return body.statements.flatMap((statement) => [
    ...readBy(statement),
    ...(statement.kind === 'loop' ? readInside(statement.body) : []),
  ])
}
