/** Prints a network as a Python module for Keras 3, which builds the model and loads the weights file beside it. */
import type { Program } from '../../program/program.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { layOut } from '../python/layOut.ts'
import { quotePython } from '../python/printLiteral.ts'
import { printImports } from '../python/printImports.ts'
import { definitionsFor, readLibrary } from '../python/pythonLibrary.ts'
import { findMissingLayers } from './findKerasProblems.ts'
import { kerasNames } from './kerasNames.ts'
import { printNetwork } from './printNetwork.ts'
import { KnownError } from '../../system/knownError.ts'

/**
 * @param metadata The classes and the preprocessing that the saved model states, if it does.
 * @throws KnownError if Keras 3 lacks a layer of the network.
 */
export function printKerasModel(program: Program, metadata: ModelMetadata | undefined, version: string): string {
  const [problem] = findMissingLayers(program.layers)
  if (problem !== undefined)
    throw new KnownError(
      'export',
      `${problem.message}.`,
      'Export with `--format tfjs`, or remove the layer from the spec.',
    )
  const { layers } = program
  const all = layers.map(({ name }) => name)
  const network = printNetwork(program, { layers, names: kerasNames(all), named: new Set(all), isTrained: true })
  const definitions = definitionsFor(network, readLibrary(['keras']), new Set()).map(({ text }) => text)
  const code = [...(metadata ? [printMetadata(metadata).trimEnd()] : []), ...definitions, network, loading].join(
    '\n\n\n',
  )
  return `${printHead(program, version)}\n\n${printImports(code)}\n\n\n${layOut(code)}\n`
}

function printHead({ name, params }: Program, version: string): string {
  const title = name.replaceAll(/[^\w .-]/g, '_')
  return `"""${title}: ${params.toLocaleString('en-US')} parameters, trained with Shapewright ${version}.

    python model.py        # prints the layers, and saves the model as model.keras
    from model import load_model
"""`
}

function printMetadata({ classNames, preprocessing }: ModelMetadata): string {
  return `CLASS_NAMES = [${classNames.map(quotePython).join(', ')}]
# What the numbers of a sample, bytes for an image, are multiplied by before the network sees them.
SCALE = ${preprocessing.scale}
${printNormalization(preprocessing)}${printTable(preprocessing)}`
}

function printTable({ table }: ModelMetadata['preprocessing']): string {
  if (table === undefined) return ''
  const { columns, shift, scale } = table
  const listed = columns.map(({ name, type, values = [] }) => {
    const categories = values.map(quotePython).join(', ')
    return `    (${quotePython(name)}, ${quotePython(type)}, [${categories}]),\n`
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
const loading = `def load_model(weights: Path = Path(__file__).with_name("weights.npz")) -> keras.Model:
    """The network with the weights that it was trained to."""
    model = build_model()
    with np.load(weights) as arrays:
        for layer in model.layers:
            layer.set_weights([arrays[f"{layer.name}/{index}"] for index in range(len(layer.weights))])
    return model


if __name__ == "__main__":
    trained = load_model()
    trained.summary()
    trained.save(Path(__file__).with_name("model.keras"))`
