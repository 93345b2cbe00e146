/** The folder wasm-training/ by itself: in an empty folder, a plain TensorFlow.js program trains on the WASM backend. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { wasmTrainingFiles } from '../../src/backends/typescript/wasmTraining.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
const packages = fileURLToPath(new URL('../../node_modules/@tensorflow', import.meta.url))

const program = `
import * as tf from '@tensorflow/tfjs'
import { registerTrainingKernels } from './wasm-training/index.js'

if (process.argv[2] === 'wasm') await registerTrainingKernels()
else await tf.setBackend('cpu')
const initializer = (seed) => tf.initializers.glorotNormal({ seed })
const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu', kernelInitializer: initializer(1) }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: initializer(2) }),
  ],
})
model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy' })
const x = tf.randomUniform([64, 8, 8, 1], 0, 1, 'float32', 3)
const y = x.mean([1, 2, 3]).greater(0.5).toFloat()
const { history } = await model.fit(x, y, { epochs: 10, shuffle: false, verbose: 0 })
console.log(JSON.stringify({ backend: tf.getBackend(), losses: history.loss }))
`

beforeAll(async () => {
  mkdirSync(join(folder, 'wasm-training'))
  for (const { fileName, content } of await wasmTrainingFiles())
    writeFileSync(join(folder, 'wasm-training', fileName), content)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(packages, join(folder, 'node_modules/@tensorflow'), 'junction')
  // What `npm init` writes, which must not make the folder CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(join(folder, 'program.mjs'), program)
})

function run(backend: string): { readonly backend: string; readonly losses: readonly number[] } {
  const printed = execFileSync(process.execPath, ['program.mjs', backend], { cwd: folder, encoding: 'utf8' })
  return JSON.parse(printed.split('\n').find((line) => line.startsWith('{'))!)
}

it('trains a plain program, as the cpu backend does', () => {
  const [wasm, cpu] = [run('wasm'), run('cpu')]
  expect(wasm.backend).toBe('wasm')
  expect(wasm.losses.at(-1)).toBeLessThan(wasm.losses[0]!)
  for (const [epoch, loss] of wasm.losses.entries()) expect(loss).toBeCloseTo(cpu.losses[epoch]!, 4)
})

it('has the module, its types, its package.json, the kernels and a README', async () => {
  const files = await wasmTrainingFiles()
  const names = ['README.md', 'index.d.ts', 'index.js', 'package.json', 'trainingKernels.wasm']
  expect(files.map(({ fileName }) => fileName)).toEqual(names)
  const text = Buffer.from(files[2]!.content).toString()
  const imported = [...text.matchAll(/(?:from |import\()'([^']+)'/g)].map(([, name]) => name)
  const engines = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node']
  expect(imported).toEqual(['@tensorflow/tfjs', 'node:fs/promises', ...engines])
})
