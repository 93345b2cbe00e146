/** Writes a network as a `.keras` file: a zip archive with its description and an HDF5 file of its weights. */
import type * as tf from '@tensorflow/tfjs'
import type { Group } from 'h5wasm'
import { ZipFile } from 'yazl'
import { kerasConfigOf, NotInKerasError, type KerasFileLayer } from '../../backends/keras/kerasConfig.ts'
import type { Program } from '../../program/program.ts'
import { KnownError } from '../../system/knownError.ts'

/** The version of Keras whose form this is. */
const kerasVersion = '3.0.0'

/**
 * Encodes the file, in pieces.
 *
 * @param comment The comment of the archive, at its end.
 * @throws KnownError if a layer is none of Keras's own.
 */
export async function encodeKerasFile(program: Program, model: tf.LayersModel, comment: string): Promise<Buffer[]> {
  const { config, layers } = describe(program)
  const date = new Date(1980, 0, 1)
  const options = { compress: false, mtime: date }
  const archive = new ZipFile()
  const metadata = { keras_version: kerasVersion, date_saved: date.toISOString().slice(0, 19) }
  archive.addBuffer(Buffer.from(JSON.stringify(metadata)), 'metadata.json', options)
  archive.addBuffer(Buffer.from(JSON.stringify(config)), 'config.json', options)
  archive.addBuffer(Buffer.from(await encodeWeights(model, layers)), 'model.weights.h5', options)
  archive.end({ comment, forceZip64Format: false })
  const pieces: Buffer[] = []
  for await (const piece of archive.outputStream) pieces.push(piece as Buffer)
  return pieces
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
