/** Files that other exporters write, files with what the language cannot say, and damaged or hostile ones. */
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../../src/tasks/import/onnx/readOnnx.ts'
import {
  array,
  attribute,
  integers,
  message,
  model,
  node,
  number,
  ones,
  whole,
  type Attribute,
  type Graph,
} from './onnxFiles.ts'

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

const units = (size: number) => [[5, attribute('hidden_size', size)]] as const
const bothWays = [...units(3), [5, attribute('direction', 'bidirectional')]] as const
const states = [
  node('t', 'Transpose', ['x'], { perm: [1, 0, 2] }),
  message([1, 't'], [1, 'w'], [1, 'u'], [2, ''], [2, 'h'], [4, 'RNN'], ...bothWays),
]
const ofBoth = [ones('w', 2, 3, 2), ones('u', 2, 3, 3), whole('zero', 0), whole('one', 1), whole('last', -1)]

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
      arrays: [ones('w', 4, 3, 8, 8), whole('zero', 0), integers('axes', 0), integers('rest', -1)],
    },
    want: ['conv2d {"filters":4,"kernelSize":8,"useBias":false}', 'flatten {}'],
  },
  {
    what: 'padding that PyTorch lists from the last axis on',
    graph: {
      nodes: [
        node('pairs', 'Reshape', ['sizes', 'twos']),
        node('turned', 'Slice', ['pairs', 'last', 'first', 'zero', 'last']),
        node('ends', 'Transpose', ['turned'], { perm: [1, 0] }),
        node('pads', 'Reshape', ['ends', 'last']),
        node('y', 'Pad', ['x', 'pads']),
      ],
      arrays: [
        integers('sizes', 1, 2, 0, 3, 0, 0, 0, 0),
        integers('twos', -1, 2),
        integers('last', -1),
        integers('first', -1000),
        integers('zero', 0),
      ],
    },
    want: ['permute {"dims":[2,3,1]}', 'zeroPadding2d {"padding":[[0,3],[1,2]]}'],
  },
  {
    what: 'the only direction of a recurrent layer, taken by its number',
    graph: {
      input: ['n', 4, 2],
      nodes: [
        node('t', 'Transpose', ['x'], { perm: [1, 0, 2] }),
        node('r', 'RNN', ['t', 'w', 'u'], { hidden_size: 3 }),
        node('o', 'Gather', ['r', 'zero'], { axis: 1 }),
        node('y', 'Transpose', ['o'], { perm: [1, 0, 2] }),
      ],
      arrays: [whole('zero', 0), ones('w', 1, 3, 2), ones('u', 1, 3, 3)],
    },
    want: ['simpleRNN {"units":3,"useBias":false,"returnSequences":true}'],
  },
  ...[
    {
      what: 'the final states of both directions, joined',
      nodes: [
        node('f', 'Gather', ['h', 'zero']),
        node('b', 'Gather', ['h', 'last']),
        node('y', 'Concat', ['f', 'b'], { axis: 1 }),
      ],
      want: ['bidirectional {"layer":{"simpleRNN":{"units":3,"useBias":false}}}'],
    },
    {
      what: 'the sum of the final states of both directions',
      nodes: [node('f', 'Gather', ['h', 'zero']), node('b', 'Gather', ['h', 'one']), node('y', 'Add', ['f', 'b'])],
      want: ['bidirectional {"layer":{"simpleRNN":{"units":3,"useBias":false}},"mergeMode":"sum"}'],
    },
    {
      what: 'the final states of both directions, flattened',
      nodes: [node('s', 'Transpose', ['h'], { perm: [1, 0, 2] }), node('y', 'Flatten', ['s'])],
      want: ['bidirectional {"layer":{"simpleRNN":{"units":3,"useBias":false}}}'],
    },
    {
      what: 'the final state of one direction',
      nodes: [node('y', 'Gather', ['h', 'last'])],
      want: ['simpleRNN {"units":3,"useBias":false,"goBackwards":true}'],
    },
    {
      what: 'the final state of one direction, taken twice',
      nodes: [
        node('f', 'Gather', ['h', 'zero']),
        node('g', 'Gather', ['h', 'zero']),
        node('b', 'Gather', ['h', 'one']),
        node('y', 'Concat', ['f', 'g', 'b'], { axis: 1 }),
      ],
      want: [
        'simpleRNN {"units":3,"useBias":false}',
        'apply {}',
        'simpleRNN {"units":3,"useBias":false,"goBackwards":true}',
        'concatenate {}',
      ],
    },
  ].map(({ what, nodes, want }) => ({
    what,
    graph: { input: ['n', 4, 2], nodes: [...states, ...nodes], arrays: ofBoth },
    want,
  })),
  {
    what: 'the final state of the last layer of a stack',
    graph: {
      input: ['n', 4, 2],
      nodes: [
        node('t', 'Transpose', ['x'], { perm: [1, 0, 2] }),
        message([1, 't'], [1, 'w'], [1, 'u'], [2, 'all'], [2, 'h'], [4, 'RNN'], ...units(3)),
        node('next', 'Squeeze', ['all', 'axis']),
        message([1, 'next'], [1, 'v'], [1, 'u'], [2, ''], [2, 'k'], [4, 'RNN'], ...units(3)),
        node('joined', 'Concat', ['h', 'k'], { axis: 0 }),
        node('y', 'Gather', ['joined', 'one']),
      ],
      arrays: [ones('w', 1, 3, 2), ones('u', 1, 3, 3), ones('v', 1, 3, 3), integers('axis', 1), whole('one', 1)],
    },
    want: ['simpleRNN {"units":3,"useBias":false,"returnSequences":true}', 'simpleRNN {"units":3,"useBias":false}'],
  },
  {
    what: 'a sum of two uses of one layer',
    graph: {
      input: ['n', 3],
      nodes: [node('a', 'Gemm', ['x', 'k']), node('b', 'Gemm', ['a', 'k']), node('y', 'Add', ['a', 'b'])],
      arrays: [ones('k', 3, 3)],
    },
    want: ['dense {"units":3,"useBias":false}', 'apply {}', 'add {}'],
  },
  {
    what: 'one number for each sample',
    graph: {
      input: ['n', 3],
      nodes: [node('d', 'MatMul', ['x', 'k']), node('y', 'Squeeze', ['d', 'last'])],
      arrays: [ones('k', 3, 1), integers('last', -1)],
    },
    want: ['dense {"units":1,"useBias":false}'],
  },
  {
    what: 'two poolings of all of an image, one by a window',
    graph: {
      nodes: [
        node('a', 'GlobalAveragePool', ['x']),
        node('b', 'MaxPool', ['x'], { kernel_shape: [8, 8] }),
        node('j', 'Concat', ['a', 'b'], { axis: 1 }),
        node('y', 'Flatten', ['j']),
      ],
    },
    want: [
      'globalAveragePooling2d {}',
      'maxPooling2d {"poolSize":8,"strides":1}',
      'reshape {"targetShape":[3]}',
      'concatenate {}',
    ],
  },
  {
    what: 'a causal convolution, by padding before it',
    graph: {
      input: ['n', 3, 8],
      nodes: [node('p', 'Pad', ['x', 'pads']), node('y', 'Conv', ['p', 'w'], { dilations: [2] })],
      arrays: [ones('w', 4, 3, 3), integers('pads', 0, 0, 4, 0, 0, 0)],
    },
    want: ['conv1d {"filters":4,"kernelSize":3,"dilationRate":2,"padding":"causal","useBias":false}'],
  },
  {
    what: 'a causal convolution, by cutting its output',
    graph: {
      input: ['n', 3, 8],
      nodes: [
        node('c', 'Conv', ['x', 'w'], { dilations: [2], pads: [4, 4] }),
        node('y', 'Slice', ['c', 'zero', 'end', 'axes']),
      ],
      arrays: [ones('w', 4, 3, 3), integers('zero', 0), integers('end', -4), integers('axes', 2)],
    },
    want: ['conv1d {"filters":4,"kernelSize":3,"dilationRate":2,"padding":"causal","useBias":false}'],
  },
  {
    what: 'padding of a sequence that `same` does not add',
    graph: {
      input: ['n', 3, 8],
      nodes: [node('y', 'Conv', ['x', 'w'], { strides: [2], pads: [1, 1] })],
      arrays: [ones('w', 4, 3, 3)],
    },
    want: [
      'reshape {"targetShape":[8,1,3]}',
      'zeroPadding2d {"padding":[[1,1],[0,0]]}',
      'reshape {"targetShape":[10,3]}',
      'conv1d {"filters":4,"kernelSize":3,"strides":2,"useBias":false}',
    ],
  },
  {
    what: 'a normalization of each channel of a sample',
    graph: {
      nodes: [node('y', 'InstanceNormalization', ['x', 'gamma', 'beta'])],
      arrays: [ones('gamma', 3), ones('beta', 3)],
    },
    want: ['layerNormalization {"axis":[1,2],"epsilon":0.00001,"scale":false,"center":false}', 'batchNormalization {}'],
  },
  {
    what: 'factors of channels, stretched to the sizes of an image',
    graph: {
      nodes: [
        node('m', 'ReduceMean', ['x'], { axes: [2, 3], keepdims: 1 }),
        node('batch', 'Shape', ['x'], { start: 0, end: 1 }),
        node('sizes', 'Concat', ['batch', 'rest'], { axis: 0 }),
        node('s', 'Expand', ['m', 'sizes']),
        node('y', 'Mul', ['x', 's']),
      ],
      arrays: [integers('rest', 3, 8, 8)],
    },
    want: ['globalAveragePooling2d {}', 'multiply {}'],
  },
  {
    what: 'a vector, stretched to equal steps',
    graph: {
      input: ['n', 3],
      nodes: [node('u', 'Unsqueeze', ['x', 'one']), node('y', 'Expand', ['u', 'sizes'])],
      arrays: [integers('one', 1), integers('sizes', 1, 4, 3)],
    },
    want: ['repeatVector {"n":4}'],
  },
  {
    what: 'a mean of means',
    graph: {
      nodes: [
        node('c', 'Conv', ['x', 'w']),
        node('m', 'ReduceMean', ['c'], { axes: [3], keepdims: 0 }),
        node('y', 'ReduceMean', ['m'], { axes: [2], keepdims: 0 }),
      ],
      arrays: [kernel],
    },
    want: ['conv2d {"filters":4,"kernelSize":3,"useBias":false}', 'globalAveragePooling2d {}'],
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
    what: 'steps that are joined with the batch and not taken apart',
    graph: {
      nodes: [node('s', 'Reshape', ['x', 'sizes']), node('y', 'Relu', ['s'])],
      arrays: [integers('sizes', -1, 8, 8)],
    },
    want: [/^node "net\/s" it joins the batch with the steps of a sequence, and nothing takes them apart again\.$/],
  },
  {
    what: 'an operator with the name of one of ours',
    graph: { nodes: [node('y', 'Steps', ['x'], { cell: 'LSTM', steps: 3 })] },
    want: [/\(Steps\) it has no kernels\.$/],
  },
  {
    what: 'steps that are marked, and then taken all the same',
    graph: {
      input: ['n', 4, 2],
      nodes: [
        node('d', 'Sub', ['x', 'zero']),
        node('a', 'Abs', ['d']),
        node('m', 'ReduceMax', ['a'], { axes: [2] }),
        node('s', 'Sign', ['m']),
        node('k', 'Mul', ['s', 'x']),
        node('t', 'Transpose', ['k'], { perm: [1, 0, 2] }),
        node('r', 'RNN', ['t', 'w', 'u'], { hidden_size: 3 }),
        node('o', 'Squeeze', ['r', 'one']),
        node('y', 'Transpose', ['o'], { perm: [1, 0, 2] }),
      ],
      arrays: [number('zero', 0), integers('one', 1), ones('w', 1, 3, 2), ones('u', 1, 3, 3)],
    },
    want: [/^node "net\/r" the layer `simpleRNN` would skip the steps that an earlier layer marks/],
  },
  {
    what: 'the last step of both directions',
    graph: {
      input: ['n', 4, 2],
      nodes: [
        node('t', 'Transpose', ['x'], { perm: [1, 0, 2] }),
        node('r', 'RNN', ['t', 'w', 'u'], { hidden_size: 3, direction: 'bidirectional' }),
        node('d', 'Transpose', ['r'], { perm: [0, 2, 1, 3] }),
        node('j', 'Reshape', ['d', 'sizes']),
        node('o', 'Transpose', ['j'], { perm: [1, 0, 2] }),
        node('y', 'Gather', ['o', 'last'], { axis: 1 }),
      ],
      arrays: [integers('sizes', 0, 0, -1), number('last', -1), ones('w', 2, 3, 2), ones('u', 2, 3, 3)],
    },
    want: [/it takes the last step of both directions, of which the backward one has then read only that step/],
  },
  {
    what: 'one direction of a recurrent layer beside both',
    graph: {
      input: ['n', 4, 2],
      nodes: [
        ...states,
        node('f', 'Gather', ['h', 'zero']),
        node('s', 'Transpose', ['h'], { perm: [1, 0, 2] }),
        node('all', 'Flatten', ['s']),
        node('y', 'Concat', ['f', 'all'], { axis: 1 }),
      ],
      arrays: ofBoth,
    },
    want: [/\(Gather\) it takes one direction of a recurrent layer, of which another node takes both\.$/],
  },
  {
    what: 'a stretched image',
    graph: {
      nodes: [
        node('m', 'ReduceMean', ['x'], { axes: [2, 3], keepdims: 1 }),
        node('s', 'Expand', ['m', 'sizes']),
        node('y', 'Relu', ['s']),
      ],
      arrays: [integers('sizes', 1, 3, 4, 4)],
    },
    want: [/\(Relu\) it takes a tensor that is stretched along an axis, for which there is no layer\.$/],
  },
  {
    what: 'factors that are stretched beyond the image that they multiply',
    graph: {
      nodes: [
        node('m', 'ReduceMean', ['x'], { axes: [2, 3], keepdims: 1 }),
        node('s', 'Expand', ['m', 'sizes']),
        node('y', 'Mul', ['m', 's']),
      ],
      arrays: [integers('sizes', 1, 3, 4, 4)],
    },
    want: [/\(Mul\) it stretches a tensor to sizes that no other one has\.$/],
  },
  {
    what: 'a sequence with the steps first',
    graph: {
      input: ['steps', 4, 2],
      nodes: [node('r', 'RNN', ['x', 'w', 'u'], { hidden_size: 3 }), node('y', 'Squeeze', ['r', 'one'])],
      arrays: [integers('one', 1), ones('w', 1, 3, 2), ones('u', 1, 3, 3)],
    },
    want: [/\(RNN\) the batch is not the second axis of its input\.$/],
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

  it('have their arrays in the order of the axes of the layer', () => {
    const values = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
    const { network } = readOnnx(
      model({
        input: ['n', 3, 2, 1],
        nodes: [
          node('p', 'GlobalAveragePool', ['x']),
          node('a', 'Add', ['x', 'p']),
          node('y', 'LayerNormalization', ['a', 'gamma'], { axis: 1 }),
        ],
        arrays: [array('gamma', [3, 2, 1], values)],
      }),
      'net.onnx',
    )
    const { type, options, name } = network.layers.at(-1)!
    expect([type, options]).toEqual(['layerNormalization', { axis: [1, 2, 3], epsilon: 0.00001, center: false }])
    // Channels come last: [3, 2, 1] becomes [2, 1, 3].
    expect(network.weights.get(name)).toEqual([{ shape: [2, 1, 3], values: Float32Array.of(1, 3, 5, 2, 4, 6) }])
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
