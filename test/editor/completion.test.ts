import { expect, it } from 'vitest'
import { completionsAt } from '../../src/editor/completion.ts'
import { atCursor, mnist } from './cursor.ts'

const spec = (text: string) => `name: a\n${text}\nlayers: [flatten]\n`
const block =
  'vars: { width: 3 }\nblocks:\n  unit: { params: { filters: , size: 3 }, layers: [{ dense: { units: CURSOR } }] }'

const resnet = (text: string) => `extends: ./configs/zoo/resnet-20.yaml\nname: a\n${text}\n`
const child = (text: string) => `extends: ./configs/mnist-cnn.yaml\nname: a\n${text}\n`

/** What completion offers at the cursor, and what it does not. */
const table: readonly [what: string, given: string, offered: readonly string[], refused?: readonly string[]][] = [
  [
    'the sections that are missing',
    'name: a\n|\nlayers: [flatten]\n',
    ['dataset', 'optimizer', 'vars'],
    ['name', 'layers'],
  ],
  ['a section that has been begun', 'name: a\nopt|\nlayers: [flatten]\n', ['optimizer', 'outputs']],
  ['the keys of a section', spec('training:\n  |'), ['epochs', 'batchSize'], ['layers', 'optimizer']],
  ['the keys that a section does not have', spec('training: { epochs: 3, | }'), ['batchSize'], ['epochs']],
  ['datasets', spec('dataset: |'), ['mnist', 'cifar10', 'imageFolder']],
  ['optimizers', spec('optimizer: a|'), ['adam', 'sgd']],
  ['the options of an optimizer', spec('optimizer: { adam: { | } }'), ['learningRate', 'beta1']],
  ['metrics in a list', spec('metrics: [|]'), ['accuracy', 'precision']],
  ['callbacks', spec('training: { callbacks: [|] }'), ['earlyStopping', 'checkpoint']],
  ['layers that accept an image', mnist('|'), ['conv2d', 'maxPooling2d', 'flatten'], ['lstm', 'conv3d', 'input']],
  [
    'layers that accept a vector',
    mnist('flatten', '|'),
    ['dense', 'dropout', 'repeatVector'],
    ['conv2d', 'maxPooling2d', 'lstm'],
  ],
  ['layers after a word that has been begun', mnist('flatten', 'de|'), ['dense'], ['conv2d']],
  ['layers in a spec that cannot be parsed', `${mnist('flatten', 'de|')}  - dense: {\n`, ['dense']],
  ['the type of a layer with options', mnist('flatten', 'de|: { units: 10 }'), ['dense']],
  ['required options first', mnist('|'), ['conv2d']],
  [
    'options of a layer',
    mnist('flatten', 'dense: { units: 10, | }'),
    ['activation', 'name', 'if'],
    ['units', 'filters'],
  ],
  [
    'options on a line of their own',
    mnist('flatten', 'dense:\n      units: 10\n      act|'),
    ['activation'],
    ['units'],
  ],
  ['activations', mnist('flatten', 'dense: { units: 10, activation: | }'), ['relu', 'softmax']],
  ['truth values', mnist('flatten', 'dense: { units: 10, useBias: | }'), ['true', 'false']],
  ['the classes of the dataset as units of the last layer', mnist('flatten', 'dense: { units: | }'), ['10']],
  ['no classes for other layers', mnist('flatten', 'dense: { units: | }', 'reLU'), [], ['10']],
  [
    'names of layers',
    mnist('conv2d: { name: first, filters: 3, kernelSize: 3 }', 'reLU', 'add: { inputs: [first, |] }'),
    ['first', 'reLU', 'input'],
    ['add'],
  ],
  [
    'blocks as layers',
    `${spec(block.replace('CURSOR', '3')).replace('[flatten]', '\n  - |')}`,
    ['unit', 'repeat', 'dense'],
  ],
  [
    'parameters of a block',
    `${spec(block.replace('CURSOR', '3')).replace('[flatten]', '\n  - unit: { | }')}`,
    ['filters', 'size', 'name', 'if'],
    ['units'],
  ],
  ['variables and parameters in a block', spec(block.replace('CURSOR', '$|')), ['$filters', '$size', '$width', '$(…)']],
  [
    'variables only, outside blocks',
    spec(block.replace('CURSOR', '3')).replace('[flatten]', '[{ dense: { units: $| } }]'),
    ['$width'],
    ['$filters'],
  ],
  [
    'the names inside an expression',
    spec(block.replace('CURSOR', '$(2 * |)')),
    ['filters', 'width', 'sqrt'],
    ['$width'],
  ],
  ['specs to extend, and folders', 'extends: |\nname: a\n', ['./configs/', './src/'], ['./package.json']],
  ['specs in a folder', 'extends: ./configs/|\nname: a\n', ['./configs/mnist-cnn.yaml', './configs/zoo/'], ['./src/']],
  ['files of a dataset', spec('dataset: { csv: { path: ./te| } }'), ['./test/', './package.json']],
  ['folders with weights', spec('weights: { from: ./te| }'), ['./test/'], ['./package.json']],
  [
    'files of weights',
    spec('weights: { from: test/runtime/formats/| }'),
    ['test/runtime/formats/small.keras'],
    ['test/runtime/formats/kerasFile.test.ts'],
  ],
  [
    'the listed layers that start from weights',
    child('weights: { from: runs/a, layers: [|] }'),
    ['dense'],
    ['flatten'],
  ],
  [
    'the layers that start from weights',
    child('weights: { from: runs/a, layers: | }'),
    ['conv2d', 'dense'],
    ['flatten'],
  ],
  ['the layers that do not', child('weights: { from: runs/a, except: [dense, |] }'), ['conv2d_1'], ['flatten']],
  ['the layers that are frozen', child('trainable:\n  conv2d: false\n  |'), ['conv2d_1'], ['conv2d', 'flatten']],
  ['layers with learning rates of their own', child('learningRates: { | }'), ['conv2d', 'dense'], ['name']],
  ['the variables that a spec inherits', resnet('training: { epochs: $| }'), ['$depth'], ['$filters']],
  ['the blocks that a spec inherits', resnet('layers:\n  - |'), ['unit', 'residual', 'conv2d'], ['depth']],
  ['the parameters of an inherited block', resnet('layers:\n  - residual: { | }'), ['filters', 'strides'], ['units']],
  ['the layers that a spec inherits', child('override:\n  |'), ['conv2d', 'conv2d_1', 'dense'], ['name']],
  ['the layers that it does not override yet', child('override:\n  conv2d: {}\n  |'), ['dense'], ['conv2d']],
  [
    'the options of an overridden layer',
    child('override: { dense: { | } }'),
    ['units', 'trainable'],
    ['filters', 'name'],
  ],
  ['the words of its options', child('override: { dense: { activation: | } }'), ['relu']],
  ['codes to ignore', spec('ignore: [|]'), ['meaning/redundant-bias']],
  ['nothing in a comment', 'name: a # |\nlayers: [flatten]\n', [], ['name']],
  ['nothing directly after a colon', 'name: a\ndataset:|\n', [], ['mnist']],
]

it.each(table)('offers %s', (_what, given, offered, refused = []) => {
  const { document, offset } = atCursor(given)
  const labels = completionsAt(document, offset).map(({ label }) => label)
  expect(labels).toEqual(expect.arrayContaining([...offered]))
  expect(labels.filter((label) => refused.includes(label))).toEqual([])
})

const snippets: readonly [given: string, label: string, snippet: string, detail?: string][] = [
  [mnist('|'), 'conv2d', 'conv2d: { filters: ${1:32}, kernelSize: ${2:3} }', '28x28x1 → 26x26x32'],
  [mnist('|'), 'flatten', 'flatten', '28x28x1 → 784'],
  [
    'name: a\ndataset: mnist\nlayers: [c|]\n',
    'conv2d',
    '{ conv2d: { filters: ${1:32}, kernelSize: ${2:3} } }',
    '28x28x1 → 26x26x32',
  ],
  [mnist('flatten', 'dense: { units: | }'), '10', '10', 'the classes of mnist'],
  [spec('dataset: |'), 'csv', '{ csv: { $1 } }'],
  [spec('training:\n  |'), 'epochs', 'epochs: '],
  [spec('ep|'), 'extends', 'extends: '],
  [mnist('conv2d: { | }'), 'filters', 'filters: ', 'required'],
  [mnist('conv2d: { | }'), 'strides', 'strides: '],
  [child('override: { dense: { | } }'), 'units', 'units: '],
  [spec('ep|'), 'input', 'input:\n  '],
  [child('override:\n  |'), 'dense', 'dense: ', 'dense → 10'],
  [child("trainable:\n  '*': false\n  de|"), 'dense', 'dense: ', 'dense, 31,370 parameters'],
  [child("trainable: { '|': false }"), 'dense', 'dense', 'dense, 31,370 parameters'],
  [mnist('flatten', 'de|: { units: 10 }'), 'dense', 'dense'],
  [spec(block.replace('CURSOR', '$|')), '$width', '\\$width', '3'],
]

it.each(snippets)('inserts in %j for %s: %s', (given, label, snippet, detail) => {
  const { document, offset } = atCursor(given)
  const item = completionsAt(document, offset).find((one) => one.label === label)
  expect({ snippet: item?.snippet, detail: item?.detail }).toEqual({ snippet, detail })
})
