/** Writes small files as Keras does, for tests that have no Python. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

type Json = Readonly<Record<string, unknown>>

/** A layer of Keras 3 in a Sequential model. */
export function layer(className: string, config: Json = {}, module = 'keras.layers'): Json {
  return { module, class_name: className, config: { name: className.toLowerCase(), trainable: true, ...config } }
}

export function inputLayer(shape: readonly (number | null)[]): Json {
  return layer('InputLayer', { batch_shape: [null, ...shape], name: 'fed' })
}

/** A Sequential model of Keras 3. */
export function sequential(layers: readonly Json[]): Json {
  return { module: 'keras', class_name: 'Sequential', config: { name: 'net', layers } }
}

/** A functional model of Keras 2: each layer with the names of the layers that it takes, each with named arguments if any. */
export function functional(
  layers: readonly (readonly [layer: Json, ...inputs: (string | readonly [name: string, named: Json])[]])[],
  outputs: readonly string[],
): Json {
  const placed = layers.map(([{ class_name, config }, ...inputs]) => ({
    class_name,
    config,
    name: (config as Json)['name'],
    inbound_nodes:
      inputs.length === 0
        ? []
        : [inputs.map((input) => (typeof input === 'string' ? [input, 0, 0, {}] : [input[0], 0, 0, input[1]]))],
  }))
  const inputs = placed.filter(({ class_name: type }) => type === 'InputLayer').map(({ name }) => [name, 0, 0])
  const config = {
    name: 'net',
    layers: placed,
    input_layers: inputs,
    output_layers: outputs.map((name) => [name, 0, 0]),
  }
  return { class_name: 'Functional', config }
}

export function writeJson(folder: string, value: unknown, name = 'config.json'): string {
  const path = join(folder, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

export async function writeZip(
  folder: string,
  members: Readonly<Record<string, string | Uint8Array>>,
  name = 'model.keras',
): Promise<string> {
  const zip = new ZipFile()
  for (const [member, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), member)
  zip.end()
  const path = join(folder, name)
  await pipeline(zip.outputStream, createWriteStream(path))
  return path
}

/** Writes an HDF5 file in memory, and returns its bytes. */
export async function hdf5Of(fill: (file: import('h5wasm').File) => void): Promise<Uint8Array> {
  const { default: h5wasm } = await import('h5wasm')
  const { FS } = await h5wasm.ready
  const file = new h5wasm.File('written.h5', 'w')
  fill(file)
  file.close()
  const bytes = FS.readFile('written.h5')
  FS.unlink('written.h5')
  return bytes
}
