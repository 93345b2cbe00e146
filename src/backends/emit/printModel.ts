/** The part of a script that states the network: `buildModel`, one tf.layers call for each layer, in the spec's order. */
import type { FunctionDeclarationStructure } from 'ts-morph'
import type { Program, ProgramLayer } from '../../program/program.ts'
import { expressionsIn } from './expressionsIn.ts'
import { createNameScope } from './nameScope.ts'
import { printComment, printExpression, quote } from './printExpression.ts'
import { StructureKind } from './tsMorph.ts'

/** @param taken Names of the script that no variable may have. */
export function printModel(program: Program, taken: Iterable<string>): FunctionDeclarationStructure {
  const scope = createNameScope(taken)
  const layers = layersInUse(program)
  const variables = new Map(layers.map(({ name }) => [name, scope.allocate(name)]))
  const list = (names: readonly string[]) => `[${names.map((name) => variables.get(name)!).join(', ')}]`
  const drawsNumbers = layers.some(({ call }) => expressionsIn(call).some(({ kind }) => kind === 'seed'))
  return {
    kind: StructureKind.Function,
    name: 'buildModel',
    isExported: true,
    docs: [describeModel(program)],
    // An unused parameter is told by its underscore.
    parameters: [{ name: drawsNumbers ? 'seed' : '_seed', type: 'number' }],
    returnType: 'tf.LayersModel',
    statements: [
      ...layers.map((layer) => printLayer(layer, variables)),
      `return tf.model({ name: ${quote(program.name)}, inputs: ${list(program.inputs)}, outputs: ${list(program.outputs)} })`,
    ],
  }
}

function printLayer({ name, call, inputs, shape }: ProgramLayer, variables: ReadonlyMap<string, string>): string {
  const sources = inputs.map((input) => variables.get(input)!)
  const applied = `.apply(${sources.length === 1 ? sources[0] : `[${sources.join(', ')}]`}) as tf.SymbolicTensor`
  const made = `${printExpression(call)}${inputs.length === 0 ? '' : applied}`
  return `const ${variables.get(name)!} = ${made} ${printComment(shape)}`
}

/** Without what leads to no output: it is not in the model, and its variable would be unused. */
function layersInUse({ layers, inputs, outputs }: Program): ProgramLayer[] {
  const used = new Set([...inputs, ...outputs])
  for (const layer of layers.toReversed()) if (used.has(layer.name)) for (const name of layer.inputs) used.add(name)
  return layers.filter(({ name }) => used.has(name))
}

function describeModel({ params, trainableParams }: Program): string {
  const learned = trainableParams === params ? '' : `, ${trainableParams.toLocaleString('en-US')} of them trainable`
  return `The untrained network: ${params.toLocaleString('en-US')} parameters${learned}. Equal seeds give equal weights.`
}
