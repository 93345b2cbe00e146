/** Files that other exporters write, files with what the language cannot say, and damaged or hostile ones. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../../src/tasks/import/onnx/readOnnx.ts'

/** A message, as fields: numbers, texts, and messages or arrays of bytes. */
type Fields = readonly (readonly [field: number, value: number | string | Uint8Array | { readonly float: number }])[]

function message(...fields: Fields): Uint8Array {
  const writer = new BinaryWriter()
  for (const [field, value] of fields) {
    if (typeof value === 'number') writer.tag(field, WireType.Varint).int64(value)
    else if (typeof value === 'string') writer.tag(field, WireType.LengthDelimited).string(value)
    else if (value instanceof Uint8Array) writer.tag(field, WireType.LengthDelimited).bytes(value)
    else writer.tag(field, WireType.Bit32).float(value.float)
  }
  return writer.finish()
}

type Attribute = number | string | readonly number[] | Uint8Array | { readonly float: number }

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2])
  if (typeof value === 'string') return message([1, name], [4, value], [20, 3])
  if (value instanceof Uint8Array) return message([1, name], [6, value], [20, 5])
  if ('float' in value) return message([1, name], [2, value], [20, 1])
  return message([1, name], ...value.map((one) => [8, one] as const), [20, 7])
}

/** A node: `output = operator(inputs)`. */
function node(
  output: string,
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  const stated = Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)] as const)
  return message(
    ...inputs.map((input) => [1, input] as const),
    [2, output],
    [3, `net/${output}/${operator}`],
    [4, operator],
    ...stated,
  )
}

/** An array of ones. */
function ones(name: string, ...shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  return array(name, shape, new Uint8Array(Float32Array.from({ length: count }, () => 1).buffer))
}

function array(name: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  return message(...shape.map((size) => [1, size] as const), [2, 1], [8, name], [9, bytes])
}

function number(name: string, one: number): Uint8Array {
  return array(name, [], new Uint8Array(Float32Array.of(one).buffer))
}

function integers(name: string, ...values: readonly number[]): Uint8Array {
  return message(
    [1, values.length],
    [2, 7],
    [8, name],
    [9, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)],
  )
}

function declared(name: string, ...shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => [1, message(typeof size === 'number' ? [1, size] : [2, size])] as const)
  return message([1, name], [2, message([1, message([1, 1], [2, message(...sizes)])])])
}

interface Graph {
  readonly input?: readonly (number | string)[]
  readonly nodes: readonly Uint8Array[]
  readonly arrays?: readonly Uint8Array[]
  readonly operatorSet?: number
}

/** A model whose input is `x` and whose output is `y`. */
function model({ input = ['n', 3, 8, 8], nodes, arrays = [], operatorSet = 17 }: Graph): Uint8Array {
  const graph = message(
    ...nodes.map((one) => [1, one] as const),
    [2, 'net'],
    ...arrays.map((one) => [5, one] as const),
    [11, declared('x', ...input)],
    [12, declared('y')],
  )
  return message([1, 8], [7, graph], [8, message([1, ''], [2, operatorSet])])
}

const conv = (attributes: Readonly<Record<string, Attribute>> = {}, inputs: readonly string[] = ['x', 'w']) =>
  node('y', 'Conv', inputs, attributes)
const kernel = ones('w', 4, 3, 3, 3)

/** (x − mean) / √(variance + ε), as PyTorch writes it. */
const normalization = [
  node('mean', 'ReduceMean', ['x'], { axes: [-1] }),
  node('d', 'Sub', ['x', 'mean']),
  node('square', 'Pow', ['d', 'two']),
  node('variance', 'ReduceMean', ['square'], { axes: [-1] }),
  node('v', 'Add', ['variance', 'epsilon']),
  node('root', 'Sqrt', ['v']),
  node('n', 'Div', ['d', 'root']),
]

/** The layers as short texts: the type, and the options that are stated. */
const read: readonly { readonly what: string; readonly graph: Graph; readonly want: readonly string[] }[] = [
  {
    what: 'pads 1 with stride 1',
    graph: { nodes: [conv({ pads: [1, 1, 1, 1] })], arrays: [kernel] },
    want: ['conv2d {"filters":4,"kernelSize":3,"padding":"same","useBias":false}'],
  },
  {
    what: 'pads that `same` does not add',
    graph: { nodes: [conv({ pads: [1, 1, 1, 1], strides: [2, 2] })], arrays: [kernel] },
    want: ['zeroPadding2d {"padding":1}', 'conv2d {"filters":4,"kernelSize":3,"strides":2,"useBias":false}'],
  },
  {
    what: 'SAME_UPPER with a stride',
    graph: { nodes: [conv({ auto_pad: 'SAME_UPPER', strides: [2, 2] })], arrays: [kernel] },
    want: ['conv2d {"filters":4,"kernelSize":3,"strides":2,"padding":"same","useBias":false}'],
  },
  {
    what: 'a bias that is added, and an activation',
    graph: {
      nodes: [node('c', 'Conv', ['x', 'w']), node('a', 'Add', ['c', 'b']), node('y', 'Clip', ['a', 'zero', 'six'])],
      arrays: [kernel, ones('b', 1, 4, 1, 1), number('zero', 0), number('six', 6)],
    },
    want: ['conv2d {"filters":4,"kernelSize":3,"activation":"relu6"}'],
  },
  {
    what: 'an activation of a tensor that another node takes too',
    graph: {
      nodes: [node('c', 'Conv', ['x', 'w']), node('a', 'Relu', ['c']), node('y', 'Add', ['c', 'a'])],
      arrays: [kernel],
    },
    want: ['conv2d {"filters":4,"kernelSize":3,"useBias":false}', 'reLU {}', 'add {}'],
  },
  {
    what: 'x · sigmoid(x)',
    graph: {
      nodes: [node('c', 'Conv', ['x', 'w']), node('s', 'Sigmoid', ['c']), node('y', 'Mul', ['s', 'c'])],
      arrays: [kernel],
    },
    want: ['conv2d {"filters":4,"kernelSize":3,"useBias":false,"activation":"swish"}'],
  },
  {
    what: 'a convolution with a group for each channel',
    graph: { nodes: [conv({ group: 3 })], arrays: [ones('w', 6, 1, 3, 3)] },
    want: ['depthwiseConv2d {"kernelSize":3,"useBias":false,"depthMultiplier":2}'],
  },
  {
    what: 'one kernel that is used twice',
    graph: {
      input: ['n', 3],
      nodes: [node('a', 'Gemm', ['x', 'k']), node('b', 'Relu', ['a']), node('y', 'Gemm', ['b', 'k'])],
      arrays: [ones('k', 3, 3)],
    },
    want: ['dense {"units":3,"useBias":false}', 'reLU {}', 'apply {}'],
  },
  {
    what: 'transpositions around a dense layer of an image',
    graph: {
      nodes: [
        node('t', 'Transpose', ['x'], { perm: [0, 2, 3, 1] }),
        node('d', 'MatMul', ['t', 'k']),
        node('y', 'Transpose', ['d'], { perm: [0, 3, 1, 2] }),
      ],
      arrays: [ones('k', 3, 5)],
    },
    want: ['permute {"dims":[2,3,1]}', 'dense {"units":5,"useBias":false}'],
  },
  {
    what: 'a reshape by the sizes of its input',
    graph: {
      nodes: [
        node('c', 'Conv', ['x', 'w']),
        node('s', 'Shape', ['c']),
        node('n', 'Gather', ['s', 'zero'], { axis: 0 }),
        node('u', 'Unsqueeze', ['n', 'axes']),
        node('t', 'Concat', ['u', 'rest'], { axis: 0 }),
        node('y', 'Reshape', ['c', 't']),
      ],
      arrays: [ones('w', 4, 3, 8, 8), message([2, 7], [8, 'zero'], [7, 0]), integers('axes', 0), integers('rest', -1)],
    },
    want: ['conv2d {"filters":4,"kernelSize":8,"useBias":false}', 'flatten {}'],
  },
  {
    what: 'a max pooling that pads after an activation',
    graph: {
      nodes: [
        node('r', 'Relu', ['x']),
        node('y', 'MaxPool', ['r'], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
      ],
    },
    want: ['reLU {}', 'zeroPadding2d {"padding":1}', 'maxPooling2d {"poolSize":3,"strides":2}'],
  },
  {
    what: 'a layer normalization of several operators',
    graph: {
      input: ['n', 5],
      nodes: [...normalization, node('m', 'Mul', ['n', 'gamma']), node('y', 'Add', ['m', 'beta'])],
      arrays: [ones('gamma', 5), ones('beta', 5), number('two', 2), number('epsilon', 1e-5)],
    },
    want: ['layerNormalization {"epsilon":0.00001}'],
  },
  {
    what: 'rows of a table by numbers that may count from its end',
    graph: {
      input: ['n', 6],
      nodes: [
        node('i', 'Cast', ['x'], { to: 7 }),
        node('isLow', 'Less', ['i', 'zero']),
        node('fromEnd', 'Add', ['i', 'rows']),
        node('place', 'Where', ['isLow', 'fromEnd', 'i']),
        node('y', 'Gather', ['table', 'place']),
      ],
      arrays: [ones('table', 9, 4), number('zero', 0), number('rows', 9)],
    },
    want: ['embedding {"inputDim":9,"outputDim":4}'],
  },
  {
    what: 'a softmax of version 11 over all axes',
    graph: { nodes: [node('c', 'Conv', ['x', 'w']), node('y', 'Softmax', ['c'])], arrays: [kernel], operatorSet: 11 },
    want: ['conv2d {"filters":4,"kernelSize":3,"useBias":false}', 'softmax {"axis":[1,2,3]}'],
  },
]

const refused: readonly { readonly what: string; readonly graph: Graph; readonly want: readonly RegExp[] }[] = [
  {
    what: 'all of several operators',
    graph: {
      nodes: [node('a', 'Sin', ['x']), node('b', 'Det', ['a']), node('c', 'Relu', ['b']), node('y', 'Add', ['c', 'a'])],
    },
    want: [/^node "net\/a\/Sin" \(Sin\) the language has no layer for this operator\.$/, /^node "net\/b\/Det"/],
  },
  {
    what: 'a condition',
    graph: { nodes: [node('y', 'If', ['x'], { then_branch: message([2, 'inner']) })] },
    want: [/\(If\) its attribute "then_branch" is a graph of its own\./],
  },
  {
    what: 'a loop',
    graph: { nodes: [node('y', 'Loop', ['x'], { body: message([2, 'inner']) })] },
    want: [/\(Loop\) its attribute "body" is a graph/],
  },
  {
    what: 'groups of channels',
    graph: { nodes: [conv({ group: 3 })], arrays: [ones('w', 6, 1, 3, 3)], input: ['n', 6, 8, 8] },
    want: [/it has 3 groups of channels/],
  },
  {
    what: 'a max pooling that pads values below 0',
    graph: { nodes: [node('y', 'MaxPool', ['x'], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })] },
    want: [/its input may be below 0/],
  },
  {
    what: 'a circle',
    graph: { nodes: [node('a', 'Relu', ['b']), node('b', 'Relu', ['a']), node('y', 'Add', ['a', 'x'])] },
    want: [/it takes "b", which no earlier node computes/],
  },
  { what: 'a node that takes itself', graph: { nodes: [node('y', 'Relu', ['y'])] }, want: [/it takes "y"/] },
  {
    what: 'an array with more sizes than values',
    graph: { nodes: [conv()], arrays: [array('w', [4, 3, 3, 3], new Uint8Array(8))] },
    want: [/the array "w" has 2 values, but its shape \[4, 3, 3, 3\] has 108/],
  },
  {
    what: 'sizes beyond all memory',
    graph: { nodes: [conv()], arrays: [array('w', [2 ** 40, 2 ** 40, 3, 3], new Uint8Array(8))] },
    want: [/the array "w" has 2 values/],
  },
  {
    what: 'a negative size',
    graph: { nodes: [conv()], arrays: [array('w', [-4, 3, 3, 3], new Uint8Array(8))] },
    want: [/has the shape \[-4, 3, 3, 3\]/],
  },
  {
    what: 'zeros of a huge shape',
    graph: {
      nodes: [node('z', 'ConstantOfShape', ['s']), node('y', 'Add', ['x', 'z'])],
      arrays: [integers('s', 2 ** 40)],
    },
    want: [/it computes an array of 1099511627776 values/],
  },
  {
    what: 'a kernel for other channels',
    graph: { nodes: [conv()], arrays: [ones('w', 4, 5, 3, 3)] },
    want: [/its arrays \[3, 3, 5, 4\] do not fit an input of 8x8x3/],
  },
  {
    what: 'a kernel beyond the image',
    graph: { nodes: [conv()], arrays: [ones('w', 4, 3, 9, 9)] },
    want: [/does not take it: the 9x9 kernel exceeds its 8x8 input/],
  },
  { what: 'a missing array', graph: { nodes: [conv()] }, want: [/it takes "w", which no earlier node computes/] },
  { what: 'a name of a million letters', graph: { nodes: [node('y', 'x'.repeat(1e6), ['x'])] }, want: [/^.{0,400}$/] },
  {
    what: 'the name of a property of all objects',
    graph: { nodes: [node('y', 'constructor', ['x'])] },
    want: [/no layer for this operator/],
  },
]

describe('ONNX files', () => {
  it.each(read)('are read: $what', ({ graph, want }) => {
    const { network, problems } = readOnnx(model(graph), 'net.onnx')
    expect(problems).toEqual([])
    const layers = network.layers.filter(({ inputs }) => inputs.length > 0)
    expect(layers.map(({ type, options }) => `${type} ${JSON.stringify(options)}`)).toEqual(want)
  })

  it.each(refused)('with what the language cannot say list it: $what', ({ graph, want }) => {
    const { problems } = readOnnx(model(graph), 'net.onnx')
    expect(problems.map(({ place, message: text }) => `${place} ${text}`)).toEqual(
      want.map((one) => expect.stringMatching(one) as string),
    )
  })

  const good = model({ nodes: [conv()], arrays: [kernel] })
  it.each([
    { what: 'no bytes', bytes: new Uint8Array(), want: /it has no graph/ },
    { what: 'a text', bytes: new TextEncoder().encode('{"model": 1}'), want: /is not an ONNX file, or is damaged/ },
    { what: 'a file that ends in a message', bytes: good.subarray(0, 60), want: /is damaged/ },
    { what: 'a varint without an end', bytes: new Uint8Array(20).fill(255), want: /is damaged/ },
    {
      what: 'a message longer than the file',
      bytes: Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x7f, 1),
      want: /is damaged/,
    },
    { what: 'groups in groups', bytes: new Uint8Array(100_000).fill(0x0b), want: /is damaged/ },
  ])('that are damaged are one error: $what', ({ bytes, want }) => {
    expect(() => readOnnx(bytes, 'net.onnx')).toThrow(want)
  })

  it('that are cut off or changed anywhere give an error or problems, and nothing else', () => {
    for (let place = 0; place < good.length; place += 7) {
      for (const bytes of [good.subarray(0, place), good.map((byte, index) => (index === place ? byte ^ 255 : byte))]) {
        try {
          readOnnx(bytes, 'net.onnx')
        } catch (error) {
          expect(error).toMatchObject({ isKnownError: true })
        }
      }
    }
  })
})

describe('arrays in other files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-onnx-'))
  const inside = join(folder, 'model')
  mkdirSync(inside)
  const bytes = new Uint8Array(Float32Array.from({ length: 108 }, () => 1).buffer)
  writeFileSync(join(folder, 'secret.bin'), bytes)
  writeFileSync(join(inside, 'net.bin'), bytes)
  mkdirSync(join(inside, 'sub'))
  symlinkSync(join(folder, 'secret.bin'), join(inside, 'link.bin'))
  symlinkSync(folder, join(inside, 'up'))

  const readFrom = (location: string, entries: Readonly<Record<string, string>> = {}) => {
    const stated = Object.entries({ location, ...entries }).map(
      ([key, text]) => [13, message([1, key], [2, text])] as const,
    )
    const external = message(...[4, 3, 3, 3].map((size) => [1, size] as const), [2, 1], [8, 'w'], ...stated, [14, 1])
    return readOnnx(model({ nodes: [conv()], arrays: [external] }), join(inside, 'net.onnx'))
  }

  it('are read from the folder of the model', () => {
    const { network, problems } = readFrom('net.bin')
    expect(problems).toEqual([])
    expect([...network.weights.values()][0]?.[0]?.values).toEqual(new Float32Array(108).fill(1))
  })

  it.each([
    { location: '../secret.bin', want: /outside of the folder/ },
    { location: join(folder, 'secret.bin'), want: /outside of the folder/ },
    { location: 'sub/../../secret.bin', want: /outside of the folder/ },
    { location: '..\\secret.bin', want: /outside of the folder/ },
    { location: 'C:secret.bin', want: /outside of the folder/ },
    { location: 'link.bin', want: /outside of the folder/ },
    { location: 'up/secret.bin', want: /outside of the folder/ },
    { location: '', want: /outside of the folder/ },
    { location: 'missing.bin', want: /which is missing/ },
    { location: 'net.bin', entries: { offset: '4' }, want: /takes 432 bytes from "net.bin", which has 432/ },
    { location: 'net.bin', entries: { offset: '-4' }, want: /takes 432 bytes/ },
    { location: 'net.bin', entries: { length: '99999999999' }, want: /takes 432 bytes/ },
    { location: 'sub', want: /is not a file/ },
  ])('are refused from $location $entries', ({ location, entries, want }) => {
    const { problems } = readFrom(location, entries ?? {})
    expect(problems.map(({ message: text }) => text)).toEqual([expect.stringMatching(want)])
  })
})
