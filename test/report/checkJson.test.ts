/** `check --format json` keeps to its published schema, and says what DESIGN's example says. */
import { Ajv } from 'ajv'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkData } from '../../src/tasks/checkData/checkData.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'
import { reportCheckJson } from '../../src/report/checkJson.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../schema/check-output.schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv({ allErrors: true }).compile(schema)
const mnist = readFileSync(new URL('../../configs/mnist-cnn.yaml', import.meta.url), 'utf8')

interface Output {
  readonly files: readonly {
    readonly diagnostics: readonly Record<string, unknown>[]
    readonly layers: readonly Record<string, unknown>[]
    readonly params: number
  }[]
}

function report(...texts: readonly string[]): Output {
  const output = reportCheckJson(texts.map((text, index) => checkText(text, `spec${index}.yaml`)))
  expect(validate(output), JSON.stringify(validate.errors)).toBe(true)
  return output as Output
}

describe('the JSON of check', () => {
  it.each([
    ['a good spec', mnist],
    ['schema errors', mnist.replace('kernelSize', 'kernel_size')],
    ['a shape error with its chain', mnist.replace('poolSize: 2 }', 'poolSize: 29 }')],
    ['text that is no YAML', 'layers: ['],
    ['nothing', ''],
    [
      'a mistake in a variable',
      'name: a\nvars: { units: 0 }\ninput: { shape: [4] }\nlayers: [{ dense: { units: $units } }]\n',
    ],
    [
      'sizes known at run time',
      'name: a\ninput: { shape: [null, null, 3] }\nlayers: [{ conv2d: { filters: 2, kernelSize: 3 } }]',
    ],
    ['several mistakes', mnist.replaceAll('relu', 'ReLU').replace('sgd', 'SGD')],
  ])('%s keeps to the schema', (_name, text) => {
    expect(report(text).files).toHaveLength(1)
  })

  it('reports the places in the data that a diagnostic is about', async () => {
    const analysis = await checkData(
      checkText(diagnosticPages['data/not-finite'].wrong, 'spec.yaml', { host: nodeHost }),
    )
    const output = reportCheckJson([analysis]) as Output
    expect(validate(output), JSON.stringify(validate.errors)).toBe(true)
    const places = [{ file: 'docs/examples/fruit.csv', line: 6, message: '`volume` is Infinity' }]
    expect(output.files[0]!.diagnostics[0]!['evidence']).toEqual({ places, more: 0 })
  })

  it('gives the layer that the contract shows', () => {
    const [file] = report(mnist).files
    expect(file).toMatchObject({
      params: 50_186,
      trainableParams: 50_186,
      inputShapes: [[28, 28, 1]],
      outputShapes: [[10]],
    })
    expect(file!.layers[0]).toEqual({
      name: 'conv2d',
      type: 'conv2d',
      inputs: ['input'],
      inputShapes: [[28, 28, 1]],
      outputShape: [28, 28, 32],
      weights: [
        { name: 'kernel', shape: [3, 3, 1, 32], trainable: true },
        { name: 'bias', shape: [32], trainable: true },
      ],
      params: 320,
      flops: 451_584,
    })
  })

  it('keeps the layers that could be inferred when there are errors', () => {
    const [file] = report(mnist.replace('units: 10', 'units: 0')).files
    expect(file!.layers.map(({ name }) => name)).toEqual([
      'conv2d',
      'maxPooling2d',
      'conv2d_1',
      'maxPooling2d_1',
      'flatten',
    ])
    expect(file!.diagnostics).toMatchObject([{ code: 'schema/out-of-range', path: '/layers/5/dense/units', fixes: [] }])
  })

  it('continues after a mistake whose meaning is clear', () => {
    const [file] = report(mnist.replace('units: 10', 'unit: 11')).files
    expect(file!.layers).toHaveLength(6)
    expect(file!.diagnostics).toMatchObject([
      { code: 'schema/unknown-key', path: '/layers/5/dense/unit', fixes: [{ edits: [{ newText: 'units' }] }] },
      { code: 'meaning/class-count', fixes: [{ edits: [{ newText: '10' }] }] },
    ])
  })

  it('counts lines and columns from 1', () => {
    const [file] = report('name: 3\n').files
    expect(file!.diagnostics).toContainEqual(
      expect.objectContaining({
        range: {
          file: 'spec0.yaml',
          start: { line: 1, column: 7, offset: 6 },
          end: { line: 1, column: 8, offset: 7 },
        },
      }),
    )
  })
})
