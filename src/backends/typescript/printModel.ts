/** Prints the part of a script that builds the network: `buildModel`, with one call of tf.layers per layer. */
import { call, express, type Call, type Expression, type SeedExpression } from '../../language/expression.ts'
import type { ProbabilityActivation } from '../../language/scriptForms.ts'
import type { CreatedLayer, Program, ProgramLayer } from '../../program/program.ts'
import { expressionsIn } from './expressionsIn.ts'
import { createNameScope, type NameScope } from '../../program/nameScope.ts'
import { printComment, printExpression, quote } from './printExpression.ts'

/** @param taken Names that no variable may have. */
export function printModel(program: Program, taken: Iterable<string>): string {
  const layers = withLogits(program)
  const { initializers, printCall } = shortenInitializers(layers)
  const network = isChain(program, layers)
    ? printChain(program, layers, printCall)
    : printGraph(program, layers, printCall, createNameScope([...taken, ...initializers.keys()]))
  const seeded = layers.some(
    (layer) => 'call' in layer && expressionsIn(layer.call).some(({ kind }) => kind === 'seed'),
  )
  // The underscore marks an unused parameter.
  return [
    `/** ${describeModel(program)} */`,
    `export function buildModel(${seeded ? 'seed' : '_seed'}: number): tf.LayersModel {`,
    ...initializers.values(),
    network,
    '}',
  ].join('\n')
}

function describeModel({ params, trainableParams }: Program): string {
  const learned = trainableParams === params ? '' : `, ${trainableParams.toLocaleString('en-US')} of them trainable`
  return `The untrained network: ${params.toLocaleString('en-US')} parameters${learned}. Equal seeds give equal weights.`
}

/** Returns the layers. If training uses logits, the last activation is split off into its own layer. */
function withLogits({ layers: all, script }: Program): readonly ProgramLayer[] {
  const layers = all.map((layer) => withScriptCall(layer, script?.layers.get(layer.name)))
  const split = script?.outputs.filter(({ isOption }) => isOption) ?? []
  const activations = new Map(split.map(({ name, logits }) => [name, logits]))
  return layers.flatMap((layer) => {
    const activation = activations.get(layer.name)
    return activation && 'call' in layer ? splitActivation(layer, activation) : [layer]
  })
}

/** Returns a layer with the call that scripts use for it, under the same name. */
function withScriptCall(layer: ProgramLayer, made: Call | undefined): ProgramLayer {
  if (!made || !('call' in layer)) return layer
  const common = ownFields(layer.call).filter(([key]) => key === 'name' || key === 'trainable')
  return { ...layer, call: withFields(made, [...common, ...ownFields(made)]) }
}

function splitActivation(layer: CreatedLayer, activation: ProbabilityActivation): ProgramLayer[] {
  const { name, isNamed, shape } = layer
  const logits = `${name}_logits`
  const fields = ownFields(layer.call).filter(([, value]) => value.kind !== 'literal' || value.value !== activation)
  const before = { ...layer, name: logits, isNamed: false, call: withFields(layer.call, renamed(fields, logits)) }
  const made = call('tf.layers.activation', { name, activation })
  return [before, { name, inputs: [logits], shape, isUsed: true, isNamed, call: made }]
}

type Fields = readonly (readonly [string, Expression])[]

function renamed(fields: Fields, name: string): Fields {
  return fields.map(([key, value]) => [key, key === 'name' ? express(name) : value])
}

/** Returns the options of a layer; if the call wraps a layer, those of the wrapped one. */
function ownFields({ args: [options] }: Call): Fields {
  if (options?.kind === 'call') return ownFields(options)
  return options?.kind === 'record' ? options.fields : []
}

function withFields(made: Call, fields: Fields): Call {
  const [first, ...others] = made.args
  if (first?.kind === 'call') return { ...made, args: [withFields(first, fields), ...others] }
  // The types of some layers require options even if they are empty.
  return { ...made, args: [{ kind: 'record', fields }, ...others] }
}

/** Whether the network is a chain: each layer is applied only to the one before. */
function isChain({ inputs, outputs }: Program, layers: readonly ProgramLayer[]): boolean {
  if (inputs.length !== 1 || outputs.length !== 1 || layers.length < 2) return false
  return layers.every((layer, place) => {
    if (!('call' in layer) || !layer.isUsed) return false
    return place === 0
      ? layer.name === inputs[0]
      : layer.inputs.length === 1 && layer.inputs[0] === layers[place - 1]!.name
  })
}

type PrintCall = (call: Call) => string

/** Prints a chain as `tf.sequential`, whose first layer states the shape of the input. */
function printChain(program: Program, [input, ...layers]: readonly ProgramLayer[], printCall: PrintCall): string {
  const shape = ownFields(withOwnName(input as CreatedLayer)).map(
    ([key, value]) => [key === 'shape' ? 'inputShape' : key, value] as const,
  )
  const lines = layers.map((layer) => `${printCall(withOwnName(layer as CreatedLayer))}, ${printComment(layer.shape)}`)
  const start = `tf.layers.inputLayer(${printExpression({ kind: 'record', fields: shape })}),`
  return `const layers = [\n${[start, ...lines].join('\n')}\n]\nreturn tf.sequential({ name: ${quote(program.name)}, layers })`
}

/** Returns the call of a layer, without its name if the spec does not give one. */
function withOwnName({ isNamed, ...layer }: CreatedLayer): Call {
  const fields = ownFields(layer.call)
  return isNamed
    ? layer.call
    : withFields(
        layer.call,
        fields.filter(([key]) => key !== 'name'),
      )
}

/** Prints the functional form, with a variable for the output of each layer. */
function printGraph(program: Program, layers: readonly ProgramLayer[], printCall: PrintCall, scope: NameScope): string {
  const variables = new Map(layers.map(({ name }) => [name, scope.allocate(name)]))
  const shared = findShared(layers, scope)
  const named = program.outputs.length > 1 ? program.outputs : []
  const list = (names: readonly string[]) => {
    const found = names.map((name) => variables.get(name)!)
    return found.length === 1 ? found[0]! : `[${found.join(', ')}]`
  }
  const lines = layers.map((layer) => {
    const { name, inputs, shape, isUsed } = layer
    const layerVariable = shared.get('applies' in layer ? layer.applies : name)
    const made = 'call' in layer ? printCall(named.includes(name) ? layer.call : withOwnName(layer)) : ''
    const declared = 'call' in layer && layerVariable !== undefined ? `const ${layerVariable} = ${made}\n` : ''
    if (!isUsed) return declared.trimEnd()
    const value = inputs.length === 0 ? made : `${layerVariable ?? made}.apply(${list(inputs)}) as tf.SymbolicTensor`
    return `${declared}const ${variables.get(name)!} = ${value} ${printComment(shape)}`
  })
  return [
    ...lines,
    `return tf.model({ name: ${quote(program.name)}, inputs: ${list(program.inputs)}, outputs: ${list(program.outputs)} })`,
  ].join('\n')
}

/** Returns variables for the layers that are applied more than once, by the layer's name. */
function findShared(layers: readonly ProgramLayer[], scope: NameScope): ReadonlyMap<string, string> {
  const names = new Set(layers.flatMap((layer) => ('applies' in layer ? [layer.applies] : [])))
  return new Map([...names].map((name) => [name, scope.allocate(`${name}-layer`)]))
}

/** Declares a short name for each initializer that takes only a seed and is used several times: `he(3)` for heNormal. */
function shortenInitializers(layers: readonly ProgramLayer[]): {
  readonly initializers: ReadonlyMap<string, string>
  readonly printCall: PrintCall
} {
  const used = layers.flatMap((layer) => ('call' in layer ? expressionsIn(layer.call) : [])).filter(isSeededInitializer)
  const callees = used.map(({ callee }) => callee)
  const repeated = [...new Set(callees.filter((callee, place) => callees.indexOf(callee) !== place))]
  const stem = (callee: string) => callee.slice(callee.lastIndexOf('.') + 1).replace(/(Normal|Uniform)$/, '')
  const isAlone = (callee: string) => repeated.every((other) => other === callee || stem(other) !== stem(callee))
  const names = new Map(
    repeated.map((callee) => [callee, isAlone(callee) ? stem(callee) : callee.slice(callee.lastIndexOf('.') + 1)]),
  )
  const shorten = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'list':
        return { ...expression, items: expression.items.map(shorten) }
      case 'record':
        return { ...expression, fields: expression.fields.map(([key, value]) => [key, shorten(value)]) }
      case 'call': {
        const callee = isSeededInitializer(expression) ? names.get(expression.callee) : undefined
        if (callee === undefined) return { ...expression, args: expression.args.map(shorten) }
        const [[, seed]] = ownFields(expression) as readonly [readonly [string, SeedExpression]]
        return { kind: 'call', callee, args: [{ kind: 'literal', value: seed.offset }] }
      }
      default:
        return expression
    }
  }
  const declare = ([callee, name]: readonly [string, string]) =>
    [name, `const ${name} = (offset: number) => ${callee}({ seed: seed + offset })`] as const
  return { initializers: new Map([...names].map(declare)), printCall: (made) => printExpression(shorten(made)) }
}

function isSeededInitializer(expression: Expression): expression is Call {
  if (expression.kind !== 'call' || !expression.callee.startsWith('tf.initializers.')) return false
  const fields = ownFields(expression)
  return fields.length === 1 && fields[0]![1].kind === 'seed'
}
