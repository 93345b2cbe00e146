/** Prints a network as a Python module for Keras 3, which builds the model and loads the weights file beside it. */
import type { CreatedLayer, Program, ProgramLayer } from '../../program/program.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { evaluateExpression } from '../interpret/evaluateExpression.ts'
import { definedNames, definitionsFor } from './kerasDefinitions.ts'
import { makesMask, printKerasLayer, printString, readsMaskInKeras, type SavedPart } from './kerasLayers.ts'
import { kerasNames } from './kerasNames.ts'

/**
 * @param parts The saved form of each layer, by its name.
 * @param metadata The classes and the preprocessing that the saved model states, if it does.
 * @throws KnownError if Keras 3 lacks a layer of the network.
 */
export function printKerasModel(
  program: Program,
  parts: ReadonlyMap<string, SavedPart>,
  metadata: ModelMetadata | undefined,
  version: string,
): string {
  const variables = pythonNames(program.layers.map(({ name }) => name))
  const names = kerasNames(program.layers.map(({ name }) => name))
  const shared = new Set(program.layers.flatMap((layer) => ('applies' in layer ? [layer.applies] : [])))
  const printer: LayerPrinter = { parts, variables, names, shared, masked: findMasked(program, parts) }
  const lines = program.layers.flatMap((layer) => printLayer(layer, printer))
  const list = (layers: readonly string[]) => printList(layers.map((name) => variables.get(name)!))
  const body = [
    ...lines,
    `return keras.Model(${list(program.inputs)}, ${list(program.outputs)}, name=${printString(program.name)})`,
  ]
  return [
    printHead(program, version),
    ...(metadata ? [printMetadata(metadata)] : []),
    ...definitionsFor(lines).map((definition) => `\n${definition}\n`),
    `\ndef build_model():\n    """The network, with fresh weights."""\n${body.map((line) => `    ${line}`).join('\n')}\n`,
    loading,
  ].join('\n')
}

interface LayerPrinter {
  readonly parts: ReadonlyMap<string, SavedPart>
  readonly variables: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, string>
  /** Layers that are applied more than once. */
  readonly shared: ReadonlySet<string>
  /** Layers that a mask may reach. */
  readonly masked: ReadonlySet<string>
}

/** Returns the names of the nodes that a mask may reach, and of the layers that they apply. */
function findMasked({ layers }: Program, parts: ReadonlyMap<string, SavedPart>): ReadonlySet<string> {
  const reached = new Set<string>()
  const masked = new Set<string>()
  for (const layer of layers) {
    const type = 'applies' in layer ? layer.applies : layer.name
    const isMasked = layer.inputs.some((input) => reached.has(input))
    if (isMasked) masked.add(type).add(layer.name)
    const part = parts.get(type)
    if (isMasked || (part !== undefined && makesMask(part))) reached.add(layer.name)
  }
  return masked
}

function printLayer(layer: ProgramLayer, { parts, variables, names, shared, masked }: LayerPrinter): string[] {
  const { name, inputs, shape, isUsed } = layer
  const variable = variables.get(name)!
  const type = 'applies' in layer ? layer.applies : name
  const part = parts.get(type)
  if (!('applies' in layer) && layer.call.callee === 'tf.input') return [`${variable} = ${printInput(layer)}`]
  // TensorFlow.js does not save layers that no output needs.
  if (part === undefined) return []
  const isMasked = masked.has(name)
  const given = inputs.map((input) => variables.get(input)!)
  const seen = isMasked && readsMaskInKeras.has(part.class_name) ? given.map((one) => `WithoutMask()(${one})`) : given
  const taken = printList(seen)
  const { call, negated } = printMade(part, names.get(type)!, masked.has(type))
  const used = (layerOf: string) =>
    `${variable} = ${negated ? `-${layerOf}(-${taken})` : `${layerOf}(${taken})`}  # ${shape}`
  if ('applies' in layer) return [used(`${variables.get(type)}_layer`)]
  if (!shared.has(name)) return [used(call)]
  const made = `${variable}_layer = ${call}`
  return isUsed ? [made, used(`${variable}_layer`)] : [made]
}

/** Prints a list of variables, or a single variable without brackets. */
function printList(variables: readonly string[]): string {
  return variables.length === 1 ? variables[0]! : `[${variables.join(', ')}]`
}

interface PrintedLayer {
  readonly call: string
  readonly negated: boolean
}

/** Prints the constructor of a layer. Keras has no min pooling, so it is printed as max pooling of the negated input. */
function printMade(part: SavedPart, name: string, isMasked: boolean): PrintedLayer {
  const negated = part.class_name === 'MinPooling2D'
  const saved = negated ? { ...part, class_name: 'MaxPooling2D' } : part
  return { call: printKerasLayer(saved, name, isMasked), negated }
}

/** Prints an input from its call, because TensorFlow.js does not save an input that no output needs. */
function printInput({ name, call }: CreatedLayer): string {
  const { shape } = evaluateExpression(call.args[0]!, { seed: 0 }, holdsNoCalls) as {
    shape: readonly (number | null)[]
  }
  const sizes = shape.map((size) => (size === null ? 'None' : size))
  return `keras.Input(shape=(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''}), name=${printString(name)})`
}

function holdsNoCalls(name: string): never {
  throw new Error(`an input that calls ${name}`)
}

function printHead({ name, params }: Program, version: string): string {
  const title = name.replaceAll(/[^\w .-]/g, '_')
  return `"""${title}: ${params.toLocaleString('en-US')} parameters, trained with Shapewright ${version}.

    python model.py        # prints the layers, and saves the model as model.keras
    from model import load_model
"""

import pathlib

import keras
import numpy as np
from keras import layers
`
}

function printMetadata({ classNames, preprocessing }: ModelMetadata): string {
  return `CLASS_NAMES = [${classNames.map(printString).join(', ')}]
# What the numbers of a sample, bytes for an image, are multiplied by before the network sees them.
SCALE = ${preprocessing.scale}
${printNormalization(preprocessing)}${printTable(preprocessing)}`
}

function printTable({ table }: ModelMetadata['preprocessing']): string {
  if (table === undefined) return ''
  const { columns, shift, scale } = table
  const listed = columns.map(({ name, type, values = [] }) => {
    const categories = values.map(printString).join(', ')
    return `    (${printString(name)}, ${printString(type)}, [${categories}]),\n`
  })
  const fitted = shift && scale ? `SHIFT = [${shift.join(', ')}]\nFACTOR = [${scale.join(', ')}]\n` : ''
  return `# A sample holds these columns of a table: a number; of a category, 1 at its place and 0 at the others, or its place.
COLUMNS = [
${listed.join('')}]
${fitted === '' ? '' : '# Then SHIFT is taken from its values, and they are multiplied by FACTOR.\n'}${fitted}`
}

function printNormalization({ mean, std }: ModelMetadata['preprocessing']): string {
  if (mean === undefined || std === undefined) return ''
  return `# Then MEAN is taken from each channel, and it is divided by STD.
MEAN = [${mean.join(', ')}]
STD = [${std.join(', ')}]
`
}

/** The end of the module. Keras's layers have their weights in the same order as tf.layers. */
const loading = `
def load_model(weights=pathlib.Path(__file__).with_name("weights.npz")):
    """The network with the weights that it was trained to."""
    model = build_model()
    with np.load(weights) as arrays:
        for layer in model.layers:
            layer.set_weights([arrays[f"{layer.name}/{index}"] for index in range(len(layer.weights))])
    return model


if __name__ == "__main__":
    trained = load_model()
    trained.summary()
    trained.save(pathlib.Path(__file__).with_name("model.keras"))
`

/** Chooses a Python variable for each layer, so that `NAME_layer` is free too. Characters that are not letters, digits or underscores become underscores. */
function pythonNames(layers: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(
    layers.map((layer) => {
      const word = layer.replaceAll(/\W/g, '_')
      const base = pythonWords.has(word) ? `_${word}` : word
      let name = base
      for (let number = 1; taken.has(name) || taken.has(`${name}_layer`); number += 1) name = `${base}_${number}`
      taken.add(name).add(`${name}_layer`)
      return [layer, name]
    }),
  )
}

/** Keywords of Python, and names that the module uses. */
const pythonWords: ReadonlySet<string> = new Set([
  ...definedNames,
  ...'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield keras layers np pathlib build_model load_model'.split(
    ' ',
  ),
])
