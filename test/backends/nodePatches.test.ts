/** Scripts for tfjs-node have the patches that their layers need, and no others. */
import { expect, it } from 'vitest'
import { createEmitter } from '../../src/backends/typescript/emit.ts'
import { lowerVariant } from './variants.ts'

const emitter = createEmitter()

async function patchesIn(layers: string, backend: 'node' | 'auto' = 'node'): Promise<string[]> {
  const head = '  - dense: { units: 10, activation: softmax }\noptimizer: sgd\nloss: categoricalCrossentropy'
  const spec = `name: patched\ndataset: mnist\nlayers:\n${layers}${head}\ntraining: { epochs: 1, batchSize: 16, seed: 7 }`
  const from = { specFile: 'patched.yaml', specText: spec, version: '0.0.0' }
  const { text } = await emitter.emitProgram(lowerVariant({ backend, spec }), { backend, ...from })
  const calls = [...text.matchAll(/^ {2}(fix\w+|registerNodeFallbacks)\(\)$/gm)].map(([, name]) => name!)
  for (const name of calls) expect(text).toContain(`function ${name}()`)
  return calls
}

const line = (...layers: string[]) => layers.map((layer) => `  - ${layer}\n`).join('')

it.each<[string, string, string[]]>([
  ['a plain network', line('conv2d: { filters: 4, kernelSize: 3 }', 'averagePooling2d', 'flatten'), []],
  [
    'a dilated convolution',
    line('conv2d: { filters: 4, kernelSize: 3, dilationRate: 2 }', 'flatten'),
    ['fixDilatedConvolutions'],
  ],
  [
    'a dilated separable convolution',
    line('separableConv2d: { filters: 4, kernelSize: 3, dilationRate: [1, 2] }', 'flatten'),
    ['fixDilatedConvolutions', 'registerNodeFallbacks'],
  ],
  [
    'depthwise strides that differ',
    line('depthwiseConv2d: { kernelSize: 3, strides: [1, 2] }', 'flatten'),
    ['registerNodeFallbacks'],
  ],
  [
    'a transposed 3-d convolution',
    line('reshape: { targetShape: [28, 28, 1, 1] }', 'conv3dTranspose: { filters: 1, kernelSize: 2 }', 'flatten'),
    ['fixTransposedConvolution3d'],
  ],
  [
    'windows larger than the image',
    line('averagePooling2d: { poolSize: 30, strides: 28, padding: same }', 'flatten'),
    ['fixAveragePooling'],
  ],
  ['one step', line('reshape: { targetShape: [1, 784] }', 'lstm: { units: 2 }'), ['fixUnstacking']],
  ['several steps', line('reshape: { targetShape: [28, 28] }', 'lstm: { units: 2 }'), []],
  [
    'one step in a layer that holds another',
    line('reshape: { targetShape: [1, 784] }', 'bidirectional: { layer: { gru: { units: 2 } } }'),
    ['fixUnstacking'],
  ],
  [
    'a maximum of two shapes',
    line('averagePooling2d: { name: pooled, poolSize: 28 }', 'maximum: { inputs: [input, pooled] }', 'flatten'),
    ['fixStretchedExtremes'],
  ],
])('%s', async (_, layers, patches) => {
  expect(await patchesIn(layers)).toEqual(patches)
})

it('scripts for any engine find them in wasm-training/', async () => {
  expect(await patchesIn(line('conv2d: { filters: 4, kernelSize: 3, dilationRate: 2 }', 'flatten'), 'auto')).toEqual([])
})
