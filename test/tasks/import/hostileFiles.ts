/** Writes files for the tests of damaged and harmful models. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hdf5Of, inputLayer, layer, sequential, writeJson, writeZip } from './kerasFiles.ts'

/** Writes a file into a folder, and returns its path. */
export type Write = (folder: string) => string | Promise<string>

export const bytes =
  (name: string, content: readonly number[] | string): Write =>
  (folder) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : Buffer.from(content))
    return join(folder, name)
  }
export const json =
  (value: unknown): Write =>
  (folder) =>
    writeJson(folder, value)
export const net = sequential([inputLayer([3]), layer('Dense', { units: 2, activation: 'linear', use_bias: true })])
export const config = JSON.stringify(net)
export const archive =
  (weights: (file: import('h5wasm').File) => void): Write =>
  async (folder) =>
    await writeZip(folder, { 'config.json': config, 'model.weights.h5': await hdf5Of(weights) })

/** `model.json` with a manifest of one file, and that file. */
export const tfjs =
  (path: string, { length = 32, place = 'weights.bin' } = {}): Write =>
  (folder) => {
    const inside = join(folder, 'model')
    mkdirSync(inside)
    writeFileSync(join(folder, 'outside.bin'), Buffer.alloc(32))
    if (place === 'link') symlinkSync(join(folder, 'outside.bin'), join(inside, 'weights.bin'))
    else writeFileSync(join(inside, place), Buffer.alloc(length))
    const weights = [
      { name: 'dense/kernel', shape: [3, 2], dtype: 'float32' },
      { name: 'dense/bias', shape: [2], dtype: 'float32' },
    ]
    const modelJson = { modelTopology: net, weightsManifest: [{ paths: [path], weights }] }
    return writeJson(inside, modelJson, 'model.json')
  }
