/** Encodes the weights of an imported network as `export --format safetensors` does those of a run. */
import * as tf from '@tensorflow/tfjs'
import type { Analysis } from '../../analyze.ts'
import { buildModel } from '../../backends/interpret/interpret.ts'
import { programOf } from '../../compile.ts'
import type { Expression } from '../../language/expression.ts'
import type { Program } from '../../program/program.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import { encodeTensorFile } from '../../runtime/runs/tensorFile.ts'
import { assignValues } from '../../script/weightValues.ts'
import type { FileContent } from '../../system/replaceFile.ts'
import { ownMark } from '../../system/marks.ts'
import type { ImportedNetwork } from './importedNetwork.ts'

/**
 * Builds the printed network, gives it the weights, and encodes them with the names that it has for them.
 *
 * @param names The names of the layers in the printed spec, by their names in the network.
 */
export async function encodeWeights(
  network: ImportedNetwork,
  names: ReadonlyMap<string, string>,
  analysis: Analysis,
): Promise<FileContent> {
  await startEngine('cpu')
  const model = buildImported(network, names, analysis)
  try {
    const tensors = model.weights.map((weight) => {
      const value = weight.read()
      return { name: weight.originalName, shape: value.shape, values: value.dataSync() as Float32Array }
    })
    return encodeTensorFile({ tensors, metadata: { producer: ownMark } })
  } finally {
    model.dispose()
  }
}

/** Builds the model of a printed network, with its weights. An engine must have been started. */
export function buildImported(
  network: ImportedNetwork,
  names: ReadonlyMap<string, string>,
  analysis: Analysis,
): tf.LayersModel {
  const model = buildModel(withoutDraws(programOf(analysis)), 0)
  for (const [name, arrays] of network.weights) {
    const { weights } = model.getLayer(names.get(name) ?? name)
    for (const [index, { values }] of arrays.entries()) assignValues(weights[index]!.read() as tf.Variable, values)
  }
  return model
}

/** Replaces all initializers by zeros, since the file has the weights: to draw millions of numbers takes longer than the rest. */
function withoutDraws(program: Program): Program {
  const layers = program.layers.map((layer) => ('call' in layer ? { ...layer, call: withZeros(layer.call) } : layer))
  return { ...program, layers: layers as Program['layers'] }
}

function withZeros<Part extends Expression>(expression: Part): Part {
  switch (expression.kind) {
    case 'call':
      return expression.callee.startsWith('tf.initializers.')
        ? { ...expression, callee: 'tf.initializers.zeros', args: [] }
        : { ...expression, args: expression.args.map(withZeros) }
    case 'list':
      return { ...expression, items: expression.items.map(withZeros) }
    case 'record':
      return { ...expression, fields: expression.fields.map(([key, value]) => [key, withZeros(value)] as const) }
    default:
      return expression
  }
}
