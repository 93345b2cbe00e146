/** A network as a Python module for Keras 3: it builds the model, and gives it the weights that lie beside it. */
import type { Program, ProgramLayer } from '../../program/program.ts'
import type { ModelMetadata } from '../../runtime/modelMetadata.ts'
import { ownFunctions, printKerasLayer, printString, type SavedPart } from './kerasLayers.ts'

/**
 * @param parts The saved form of each layer, by its name.
 * @param metadata What the saved model says of its data, where it does.
 * @throws ExportError where Keras 3 has not what the network is made of.
 */
export function printKerasModel(
  program: Program,
  parts: ReadonlyMap<string, SavedPart>,
  metadata: ModelMetadata | undefined,
  version: string,
): string {
  const variables = pythonNames(program.layers.map(({ name }) => name))
  const shared = new Set(program.layers.flatMap((layer) => ('applies' in layer ? [layer.applies] : [])))
  const printer: LayerPrinter = { parts, variables, shared }
  const lines = program.layers.flatMap((layer) => printLayer(layer, printer))
  const list = (layers: readonly string[]) => printList(layers.map((name) => variables.get(name)!))
  const body = [
    ...lines,
    `return keras.Model(${list(program.inputs)}, ${list(program.outputs)}, name=${printString(program.name)})`,
  ]
  const functions = Object.values(ownFunctions).filter(({ name }) => lines.some((line) => line.includes(`=${name}`)))
  return [
    printHead(program, version),
    ...(metadata ? [printMetadata(metadata)] : []),
    ...functions.map(({ definition }) => `\n${definition}\n`),
    `\ndef build_model():\n    """The network, with fresh weights."""\n${body.map((line) => `    ${line}`).join('\n')}\n`,
    loading,
  ].join('\n')
}

interface LayerPrinter {
  readonly parts: ReadonlyMap<string, SavedPart>
  readonly variables: ReadonlyMap<string, string>
  /** Layers that are applied more than once. */
  readonly shared: ReadonlySet<string>
}

function printLayer(layer: ProgramLayer, { parts, variables, shared }: LayerPrinter): string[] {
  const { name, inputs, shape } = layer
  const variable = variables.get(name)!
  const given = inputs.map((input) => variables.get(input)!)
  const taken = printList(given)
  if ('applies' in layer) return [`${variable} = ${variables.get(layer.applies)}_layer(${taken})  # ${shape}`]
  const part = parts.get(name)!
  if (inputs.length === 0) return [`${variable} = ${printInput(part, name)}`]
  const made = printMade(part, name)
  if (made.negated) return [`${variable} = -${made.call}(-${taken})  # ${shape}`]
  if (!shared.has(name)) return [`${variable} = ${made.call}(${taken})  # ${shape}`]
  return [`${variable}_layer = ${made.call}`, `${variable} = ${variable}_layer(${taken})  # ${shape}`]
}

/** One by itself. */
function printList(variables: readonly string[]): string {
  return variables.length === 1 ? variables[0]! : `[${variables.join(', ')}]`
}

/** The smallest value of a window is the largest one of the negatives. */
function printMade(part: SavedPart, name: string): { readonly call: string; readonly negated: boolean } {
  const negated = part.class_name === 'MinPooling2D'
  return { call: printKerasLayer(negated ? { ...part, class_name: 'MaxPooling2D' } : part, name), negated }
}

function printInput({ config }: SavedPart, name: string): string {
  const sizes = (config['batch_input_shape'] as readonly (number | null)[]).slice(1)
  const shape = `(${sizes.map((size) => (size === null ? 'None' : size)).join(', ')}${sizes.length === 1 ? ',' : ''})`
  return `keras.Input(shape=${shape}, name=${printString(name)})`
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

/** Keras's layers hold their weights in the order of tf.layers. */
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

/** Variables of Python, each with one for its layer beside it: what is no letter, digit or underscore becomes one. */
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

/** Words of the language, and names that the module has already. */
const pythonWords: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield keras layers np pathlib tf_hard_sigmoid gelu_new build_model load_model'.split(
    ' ',
  ),
)
