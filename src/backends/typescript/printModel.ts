/** The part of a script that states the network: `buildModel`, one tf.layers call for each layer, in the spec's order. */
import type { FunctionDeclarationStructure } from 'ts-morph'
import type { Program, ProgramLayer } from '../../program/program.ts'
import { expressionsIn } from './expressionsIn.ts'
import { createNameScope, type NameScope } from './nameScope.ts'
import { printComment, printExpression, quote } from './printExpression.ts'
import { StructureKind } from './tsMorph.ts'

/** @param taken Names of the script that no variable may have. */
export function printModel(program: Program, taken: Iterable<string>): FunctionDeclarationStructure {
  const scope = createNameScope(taken)
  const { layers } = program
  const variables = new Map(layers.map(({ name }) => [name, scope.allocate(name)]))
  const sharedLayers = findShared(layers, scope)
  const list = (names: readonly string[]) => `[${names.map((name) => variables.get(name)!).join(', ')}]`
  const drawsNumbers = layers.some(
    (layer) => 'call' in layer && expressionsIn(layer.call).some(({ kind }) => kind === 'seed'),
  )
  return {
    kind: StructureKind.Function,
    name: 'buildModel',
    isExported: true,
    docs: [describeModel(program)],
    // An unused parameter is told by its underscore.
    parameters: [{ name: drawsNumbers ? 'seed' : '_seed', type: 'number' }],
    returnType: 'tf.LayersModel',
    statements: [
      ...layers.map((layer) => printLayer(layer, variables, sharedLayers)),
      `return tf.model({ name: ${quote(program.name)}, inputs: ${list(program.inputs)}, outputs: ${list(program.outputs)} })`,
    ],
  }
}

/** Variables for the layers that are applied more than once, by the layer's name. */
function findShared(layers: readonly ProgramLayer[], scope: NameScope): ReadonlyMap<string, string> {
  const names = new Set(layers.flatMap((layer) => ('applies' in layer ? [layer.applies] : [])))
  return new Map([...names].map((name) => [name, scope.allocate(`${name}-layer`)]))
}

function printLayer(
  layer: ProgramLayer,
  variables: ReadonlyMap<string, string>,
  sharedLayers: ReadonlyMap<string, string>,
): string {
  const { name, inputs, shape, isUsed } = layer
  const sources = inputs.map((input) => variables.get(input)!)
  const applied = `.apply(${sources.length === 1 ? sources[0] : `[${sources.join(', ')}]`}) as tf.SymbolicTensor`
  const shared = sharedLayers.get('applies' in layer ? layer.applies : name)
  const made = 'call' in layer ? printExpression(layer.call) : ''
  const declared = 'call' in layer && shared !== undefined ? `const ${shared} = ${made}\n` : ''
  if (!isUsed) return declared.trimEnd()
  const value = inputs.length === 0 ? made : `${shared ?? made}${applied}`
  return `${declared}const ${variables.get(name)!} = ${value} ${printComment(shape)}`
}

function describeModel({ params, trainableParams }: Program): string {
  const learned = trainableParams === params ? '' : `, ${trainableParams.toLocaleString('en-US')} of them trainable`
  return `The untrained network: ${params.toLocaleString('en-US')} parameters${learned}. Equal seeds give equal weights.`
}
