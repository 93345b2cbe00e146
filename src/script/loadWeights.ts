/** Starts the layers of a script's network from trained weights in a file. */
import * as tf from '@tensorflow/tfjs'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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
  const { weightsManifest } = JSON.parse(readFileSync(file, 'utf8'))
  const { paths, weights } = weightsManifest[0] as { paths: string[]; weights: { name: string; shape: number[] }[] }
  const bytes = readFileSync(join(dirname(file), paths[0]!))
  const arrays: SavedArrays = {}
  let start = 0
  for (const { name, shape } of weights) {
    const end = start + 4 * shape.reduce((size, length) => size * length, 1)
    arrays[name] = { shape, bytes: bytes.subarray(start, end) }
    start = end
  }
  return arrays
}

/** Reads the arrays of a safetensors file, or the weights of a checkpoint. */
export function readTensors(path: string): SavedArrays {
  const bytes = readFileSync(path)
  const start = 8 + Number(bytes.readBigUInt64LE())
  const { __metadata__: _, ...entries } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, TensorEntry>
  const arrays = Object.entries(entries).map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      return [name.replace(/^weights\//, ''), { shape, bytes: bytes.subarray(start + from, start + to) }] as const
    },
  )
  return Object.fromEntries(arrays)
}

type TensorEntry = { shape: number[]; data_offsets: [number, number] }
