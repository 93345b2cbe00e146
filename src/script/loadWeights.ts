/** Starts the layers of a script's network from trained weights in a file. */
import * as tf from '@tensorflow/tfjs'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readParsed } from './dataFiles.ts'

/** The arrays of a file of weights by their names, such as `conv2d/kernel`. */
type SavedArrays = Record<string, { shape: number[]; bytes: Uint8Array }>

/** Gives layers the weights that a file has under the same names. */
export function loadWeights(model: tf.LayersModel, layers: readonly string[], saved: SavedArrays): void {
  for (const weight of layers.flatMap((name) => model.getLayer(name).weights)) {
    // `head_logits` has the weights of `head`, without its activation.
    const name = [weight.originalName, weight.originalName.replace('_logits/', '/')].find((one) => saved[one])
    if (name === undefined) throw new Error(`the file of weights has no ${weight.originalName}`)
    const { shape, bytes } = saved[name]!
    if (`${shape}` !== `${weight.shape}`) throw new Error(`${name} has the shape [${shape}], not [${weight.shape}]`)
    const values = tf.tensor(new Float32Array(new Uint8Array(bytes).buffer), shape)
    ;(weight.read() as tf.Variable).assign(values)
    values.dispose()
  }
}

/** Reads the weights of a run folder, or of a folder with model.json. */
export function readModelWeights(path: string): SavedArrays {
  const file =
    [join(path, 'model', 'model.json'), join(path, 'model.json'), path].find((one) => existsSync(one)) ?? path
  return readParsed(file, weightsHelp, (text) => {
    const arrays: SavedArrays = {}
    for (const { paths, weights } of JSON.parse(text.toString()).weightsManifest as WeightGroup[]) {
      const bytes = Buffer.concat(paths.map((name) => readFileSync(join(dirname(file), name))))
      let start = 0
      for (const { name, shape } of weights) {
        const end = start + 4 * shape.reduce((size, length) => size * length, 1)
        arrays[name] = { shape, bytes: bytes.subarray(start, end) }
        start = end
      }
      if (bytes.length !== start) throw new Error(`${paths.join(', ')} has ${bytes.length} bytes instead of ${start}`)
    }
    return arrays
  })
}

type WeightGroup = { paths: string[]; weights: { name: string; shape: number[] }[] }

/** Reads the arrays of a safetensors file, or the weights of a checkpoint. */
export function readTensors(path: string): SavedArrays {
  return readParsed(path, weightsHelp, (bytes) => {
    const start = 8 + Number(bytes.readBigUInt64LE())
    const { __metadata__: _, ...entries } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, TensorEntry>
    const arrays: SavedArrays = {}
    for (const [name, { shape, data_offsets: offsets }] of Object.entries(entries)) {
      const [from, to] = [start + offsets[0], start + offsets[1]]
      if (to > bytes.length) throw new Error(`it ends before ${name}`)
      arrays[name.replace(/^weights\//, '')] = { shape, bytes: bytes.subarray(from, to) }
    }
    return arrays
  })
}

const weightsHelp = 'Check the path of `weights` in the spec and compile it again.'

type TensorEntry = { shape: number[]; data_offsets: [number, number] }
