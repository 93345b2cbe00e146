/** Tensors that no engine can address are errors, at the place that makes them so large. */
import { expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const found = (text: string) =>
  checkText(text, 'a.yaml').diagnostics.filter(({ code }) => code === 'engine/tensor-too-large')

const spec = (layers: string, rest = 'input: { shape: [28, 28, 1] }') => `name: example\n${rest}\nlayers: [${layers}]\n`
const synthetic = (options: string, training: string) =>
  `dataset: { synthetic: { ${options} } }\noptimizer: sgd\nloss: meanSquaredError\ntraining: { ${training} }`

it.each<[string, string, RegExp, (string | number)[]]>([
  [
    'units',
    spec('flatten, dense: { units: 1000000000 }'),
    /^the kernel of `dense` is 784x1000000000 \(784,000,000,000 values, 2\.9 TiB\), but a tensor can have at most 2,147,483,647 values$/,
    ['layers', 1, 'dense'],
  ],
  [
    'filters',
    spec('conv2d: { filters: 400000000, kernelSize: 3 }'),
    /^the kernel of `conv2d`/,
    ['layers', 0, 'conv2d'],
  ],
  [
    'a kernel',
    spec('conv2d: { filters: 1, kernelSize: 50000, padding: same }'),
    /^the kernel of `conv2d`/,
    ['layers', 0, 'conv2d'],
  ],
  [
    'a vocabulary',
    spec('embedding: { inputDim: 2000000000, outputDim: 64 }', 'input: { shape: [4] }'),
    /^the embeddings of `embedding`/,
    ['layers', 0, 'embedding'],
  ],
  [
    'an output',
    spec('flatten, repeatVector: { n: 100000000 }'),
    /^the output of `repeatVector` for one sample is 100000000x784/,
    ['layers', 1, 'repeatVector'],
  ],
  [
    'samples',
    spec('flatten', 'input: { shape: [60000, 60000, 3] }'),
    /^the output of `input` for one sample is 60000x60000x3/,
    ['input', 'shape'],
  ],
  [
    'a batch',
    spec(
      'flatten, dense: 1'.replace('dense: 1', 'dense: { units: 1 }'),
      synthetic('shape: [100, 100, 3], labels: values, train: 1000000', 'batchSize: 100000'),
    ),
    /^the output of `input` for a batch of 100,000 is 100000x100x100x3/,
    ['training', 'batchSize'],
  ],
])('reports %s', (_name, text, message, path) => {
  const [one, ...more] = found(text)
  expect(more).toEqual([])
  expect([one?.severity, one?.message, one?.help]).toEqual([
    'error',
    expect.stringMatching(message),
    expect.any(String),
  ])
  expect(one?.path).toEqual(path)
})

it.each([
  ['the largest that there is', spec('dense: { units: 2147483647, useBias: false }', 'input: { shape: [1] }')],
  [
    'a batch of which the samples are not known',
    `${spec('flatten, dense: { units: 1 }')}training: { batchSize: 1000000000 }\n`,
  ],
  ['a size known only at run time', spec('globalAveragePooling2d', 'input: { shape: [null, null, 3] }')],
])('is silent about %s', (_name, text) => expect(found(text)).toEqual([]))
