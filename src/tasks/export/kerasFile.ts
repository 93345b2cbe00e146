/** Writes a network as a `.keras` file: a zip archive with its description and an HDF5 file of its weights. */
import type * as tf from '@tensorflow/tfjs'
import type { Group } from 'h5wasm'
import { kerasConfigOf, NotInKerasError, type KerasFileLayer } from '../../backends/keras/kerasConfig.ts'
import type { Program } from '../../program/program.ts'
import { KnownError } from '../../system/knownError.ts'
import { archiveDate, encodeZip } from './zipArchive.ts'

/** The version of Keras whose form this is. */
const kerasVersion = '3.0.0'

/**
 * Encodes the file, in pieces.
 *
 * @param comment The comment of the archive, at its end.
 * @throws KnownError if a layer is not one of Keras's own.
 */
export async function encodeKerasFile(program: Program, model: tf.LayersModel, comment: string): Promise<Buffer[]> {
  const { config, layers } = describe(program)
  const metadata = { keras_version: kerasVersion, date_saved: archiveDate.toISOString().slice(0, 19) }
  const weights = await encodeWeights(model, layers)
  return encodeZip(
    [
      ['metadata.json', Buffer.from(JSON.stringify(metadata))],
      ['config.json', Buffer.from(JSON.stringify(config))],
      ['model.weights.h5', Buffer.from(weights)],
    ],
    comment,
  )
}

function describe(program: Program) {
  try {
    return kerasConfigOf(program)
  } catch (error) {
    if (!(error instanceof NotInKerasError)) throw error
    throw new KnownError(
      'export',
      `A .keras file contains no code, so it cannot have this layer: ${error.message}.`,
      'Export with `--format keras`, whose Python module has the code of such layers and saves model.keras itself.',
    )
  }
}

/** Creates a group and those around it that are missing. */
function createGroups(file: Group, path: readonly string[]): Group {
  return path.reduce<Group>((group, name) => {
    if (!group.keys().includes(name)) return group.create_group(name)
    return group.get(name) as Group
  }, file)
}

/** Writes the weights in the groups in which Keras looks for them. */
async function encodeWeights(model: tf.LayersModel, layers: readonly KerasFileLayer[]): Promise<Uint8Array> {
  const { default: h5wasm } = await import('h5wasm')
  const { FS } = await h5wasm.ready
  const name = 'exported.h5'
  const file = new h5wasm.File(name, 'w', { libver: ['earliest', 'latest'] })
  try {
    for (const { name: layer, group, places } of layers) {
      // A model of TensorFlow.js lacks inputs that lead to no output.
      const weights = model.layers.find((one) => one.name === layer)?.getWeights() ?? []
      const share = weights.length / places.length
      for (const [place, path] of places.entries()) {
        const folder = createGroups(file, ['layers', group, ...path.split('/')])
        for (const [index, weight] of weights.slice(place * share, (place + 1) * share).entries()) {
          folder.create_dataset({ name: `${index}`, data: weight.dataSync() as Float32Array, shape: weight.shape })
        }
      }
    }
    file.flush()
  } finally {
    file.close()
  }
  try {
    return FS.readFile(name)
  } finally {
    FS.unlink(name)
  }
}
