/** Prints the part of a script that builds the network: `buildModel`, with its functions for blocks. */
import type { StructureList } from '../../compose/structure.ts'
import type { Call } from '../../language/expression.ts'
import type { Program, ProgramLayer } from '../../program/program.ts'
import { calledNames } from './expressionsIn.ts'
import { withLogitsLayers } from '../logitsLayers.ts'
import { fieldsOf, withFields } from './model/layerFields.ts'
import { treeOf } from './model/modelTree.ts'
import { printChain } from './model/printChain.ts'
import { printGraph } from './model/printGraph.ts'
import { countSeeds, numberSeeds, type Seeds } from './model/seeds.ts'
import { structureModel, type Model } from './model/structureModel.ts'

/** A model with the form of its seeds. */
interface Prepared {
  readonly seeds: Seeds
  readonly model: Model
}

/**
 * @param taken Names that no variable may have.
 * @param structure How the spec was written; without it, the network is printed layer by layer.
 */
export function printModel(program: Program, taken: readonly string[], structure?: StructureList): string {
  const layers = withLogits(program)
  const isSequence = isChain(program, layers)
  const sought = [...(!isSequence && program.outputs.length > 1 ? program.outputs : []), ...soughtLayers(program)]
  const named = layers.map((layer) => withOwnName(layer, sought))
  const structured = structure && structuredModel(program, named, structure, taken)
  const { seeds, model } = structured ?? flatModel(program, named, taken)
  const print = isSequence ? printChain : printGraph
  return [
    `/** ${describeModel(program)} */`,
    // The underscore marks an unused parameter.
    `export function buildModel(${seeds.isUsed ? 'seed' : '_seed'}: number): tf.LayersModel {`,
    ...seeds.declarations,
    print(program, model, structured !== undefined),
    '}',
  ].join('\n')
}

/** Returns the model with functions and loops, or undefined if it has none. */
function structuredModel(
  program: Program,
  layers: readonly ProgramLayer[],
  structure: StructureList,
  taken: readonly string[],
): Prepared | undefined {
  const seeds = countSeeds(program, layers)
  if (seeds === undefined) return undefined
  const tree = treeOf(
    layers.map((layer) => withSeeds(layer, seeds)),
    structure,
  )
  if (tree === undefined) return undefined
  const model = structureModel(tree, program.outputs, takenBy(layers, seeds, taken))
  const isStructured = model.functions.length > 0 || model.body.statements.some(({ kind }) => kind === 'loop')
  return isStructured ? { seeds, model } : undefined
}

function flatModel(program: Program, layers: readonly ProgramLayer[], taken: readonly string[]): Prepared {
  const seeds = numberSeeds(layers)
  const tree = treeOf(layers.map((layer) => withSeeds(layer, seeds)))!
  return { seeds, model: structureModel(tree, program.outputs, takenBy(layers, seeds, taken)) }
}

/** The names that no variable may have, with those of the functions that create layers. */
function takenBy(layers: readonly ProgramLayer[], seeds: Seeds, taken: readonly string[]): readonly string[] {
  const called = layers.flatMap((layer) => ('call' in layer ? calledNames(layer.call) : []))
  return [...new Set([...taken, ...seeds.names, ...called, 'Math', 'buildModel'])]
}

function withSeeds(layer: ProgramLayer, { rewrite }: Seeds): ProgramLayer {
  return 'call' in layer ? { ...layer, call: rewrite(layer.call) } : layer
}

function describeModel({ params, trainableParams }: Program): string {
  const learned = trainableParams === params ? '' : `, ${trainableParams.toLocaleString('en-US')} of them trainable`
  return `The untrained network: ${params.toLocaleString('en-US')} parameters${learned}. Equal seeds give equal weights.`
}

/** Returns the layers. If training uses logits, the last activation is split off into its own layer. */
function withLogits(program: Program): readonly ProgramLayer[] {
  const { layers: all, script } = program
  const layers = all.map((layer) => withScriptCall(layer, script?.layers.get(layer.name)))
  return withLogitsLayers(program, layers)
}

/** Returns a layer with the call that scripts use for it, under the same name. */
function withScriptCall(layer: ProgramLayer, made: Call | undefined): ProgramLayer {
  if (!made || !('call' in layer)) return layer
  const common = fieldsOf(layer.call).filter(([key]) => key === 'name' || key === 'trainable')
  return { ...layer, call: withFields(made, [...common, ...fieldsOf(made)]) }
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

/** The layers that a script finds by their names: those with trained weights, or a learning rate of their own. */
function soughtLayers({ script }: Program): readonly string[] {
  return [...(script?.weights?.layers ?? []), ...Object.keys(script?.learningRates ?? {})]
}

/** Returns a layer whose call has no name if the spec does not give one. */
function withOwnName(layer: ProgramLayer, named: readonly string[]): ProgramLayer {
  if (!('call' in layer) || layer.isNamed || named.includes(layer.name)) return layer
  const fields = fieldsOf(layer.call).filter(([key]) => key !== 'name')
  return { ...layer, call: withFields(layer.call, fields) }
}
