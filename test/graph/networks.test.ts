/** The networks that this product was conceived from, and what is inferred of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { formatShape } from '../../src/language/dims.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

function summarize(text: string) {
  const { shaped, diagnostics } = checkText(text, 'spec.yaml')
  expect(diagnostics).toEqual([])
  return {
    shapes: shaped.nodes.map(({ shape }) => formatShape(shape)).join(' → '),
    params: shaped.nodes.reduce((sum, { params }) => sum + params, 0),
    names: shaped.nodes.map(({ name }) => name),
    flops: shaped.nodes.map(({ flops }) => flops),
  }
}

/** The shapes behind a 7x7 input. */
const slide = (layers: string) =>
  summarize(`name: example\ninput: { shape: [7, 7, 1] }\nlayers:\n${layers}`).shapes.replace('7x7x1 → ', '')

const network = (dataset: string, pool: string) =>
  trimBlock(`
    name: example
    dataset: ${dataset}
    layers:
      - conv2d: { filters: 32, kernelSize: 3, padding: same, activation: relu }
      - ${pool}: { poolSize: 2 }
      - conv2d: { filters: 64, kernelSize: 3, padding: same, activation: relu }
      - ${pool}: { poolSize: 2 }
      - flatten
      - dense: { units: 10, activation: softmax }
    loss: categoricalCrossentropy
    `)

describe('the small convolutional nets', () => {
  it.each(['maxPooling2d', 'averagePooling2d'])('MNIST with %s: 28 → 14 → 7, 50,186 parameters', (pool) => {
    expect(summarize(network('mnist', pool))).toMatchObject({
      shapes: '28x28x1 → 28x28x32 → 14x14x32 → 14x14x64 → 7x7x64 → 3136 → 10',
      params: 50_186,
    })
  })

  it.each(['maxPooling2d', 'averagePooling2d'])('CIFAR-10 with %s: 32 → 16 → 8, 60,362 parameters', (pool) => {
    expect(summarize(network('cifar10', pool))).toMatchObject({
      shapes: '32x32x3 → 32x32x32 → 16x16x32 → 16x16x64 → 8x8x64 → 4096 → 10',
      params: 60_362,
    })
  })

  it('names layers as Keras does', () => {
    expect(summarize(network('mnist', 'maxPooling2d')).names).toEqual([
      'input',
      'conv2d',
      'maxPooling2d',
      'conv2d_1',
      'maxPooling2d_1',
      'flatten',
      'dense',
    ])
  })

  it('counts a multiply-add as two operations', () => {
    const [, firstConvolution] = summarize(network('mnist', 'maxPooling2d')).flops
    expect(firstConvolution).toBe(2 * 28 * 28 * 32 * 3 * 3)
    expect(firstConvolution).toBe(451_584)
  })
})

describe('a 7x7 input with a 3x3 kernel', () => {
  it.each([
    ['stride 1', '  - conv2d: { filters: 1, kernelSize: 3 }\n', '5x5x1'],
    ['stride 2', '  - conv2d: { filters: 1, kernelSize: 3, strides: 2 }\n', '3x3x1'],
    [
      'padded by one',
      '  - zeroPadding2d: { padding: 1 }\n  - conv2d: { filters: 1, kernelSize: 3 }\n',
      '9x9x1 → 7x7x1',
    ],
    ['maximum', '  - maxPooling2d: { poolSize: 3, strides: 1 }\n', '5x5x1'],
    ['average', '  - averagePooling2d: { poolSize: 3, strides: 2 }\n', '3x3x1'],
  ])('%s', (_title, layers, shapes) => expect(slide(layers)).toBe(shapes))
})

describe('sizes that are known only at run time', () => {
  it('stay expressions through the network', () => {
    const text = trimBlock(`
      name: example
      input: { shape: [null, null, 3] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, padding: same }
        - maxPooling2d
        - conv2d: { filters: 16, kernelSize: 3, strides: 2 }
        - globalAveragePooling2d: { expect: [16] }
        - dense: { units: 4 }
      `)
    expect(summarize(text).shapes).toBe(
      'HxWx3 → HxWx8 → ⌊(H-2)/2⌋+1x⌊(W-2)/2⌋+1x8 → ⌊(⌊(H-2)/2⌋-2)/2⌋+1x⌊(⌊(W-2)/2⌋-2)/2⌋+1x16 → 16 → 4',
    )
  })

  it('are null in expect', () => {
    const text = 'name: a\ninput: { shape: [null, 4] }\nlayers: [{ dense: { units: 2, expect: [null, 2] } }]\n'
    expect(summarize(text).shapes).toBe('Tx4 → Tx2')
  })
})

describe('configs/', () => {
  const configs = readdirSync(new URL('../../configs/', import.meta.url)).filter((file) => file.endsWith('.yaml'))

  it.each(configs)('%s has no error and no warning', (file) => {
    const text = readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8')
    expect(checkText(text, file).diagnostics.filter(({ severity }) => severity !== 'hint')).toEqual([])
  })
})
