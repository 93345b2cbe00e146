/** Models in the JSON of Keras, and the layers that they become. */
import { functional, inputLayer, layer, sequential } from './kerasFiles.ts'

type Json = Readonly<Record<string, unknown>>

export const image = [6, 6, 4] as const
const steps = [5, 4] as const
/** A model that applies layers one after the other to an input. */
export const fed = (shape: readonly number[], ...layers: readonly Json[]) => sequential([inputLayer(shape), ...layers])
const keras2 = (shape: readonly number[], one: Json) => ({
  class_name: 'Sequential',
  keras_version: '2.13.1',
  config: {
    name: 'net',
    layers: [
      { ...one, module: undefined, config: { ...(one['config'] as Json), batch_input_shape: [null, ...shape] } },
    ],
  },
})
const sixth = '{"scale":0.16666666666666666,"offset":0.5}'
const lstm = { units: 3, activation: 'tanh', recurrent_activation: 'sigmoid', return_sequences: true }

/** A model, and the layers after its input as `type options`. */
export const kerasModels: Readonly<Record<string, readonly [model: Json, layers: readonly string[]]>> = {
  'equal numbers as one': [
    fed(image, layer('Conv2D', { filters: 2, kernel_size: [3, 3], strides: [2, 2], dilation_rate: [1, 1], groups: 1 })),
    ['conv2d {"filters":2,"kernelSize":3,"strides":2}'],
  ],
  'the last axis of a batch normalization of Keras 2': [
    keras2(
      image,
      layer('BatchNormalization', { axis: [3], epsilon: 0.0010000000474974513, momentum: 0.8999999761581421 }),
    ),
    ['batchNormalization {"momentum":0.9}'],
  ],
  'another axis of a batch normalization': [
    fed(image, layer('BatchNormalization', { axis: 1 })),
    ['batchNormalization {"axis":1}'],
  ],
  'the moments of a normalization': [
    fed(image, layer('Normalization', { axis: [3], invert: false, mean: null, variance: null })),
    ['batchNormalization {"epsilon":1e-14,"center":false,"scale":false}'],
  ],
  'the limit of a rectifier': [
    fed([4], layer('ReLU', { max_value: 6, negative_slope: 0, threshold: 0 })),
    ['reLU {"maxValue":6}'],
  ],
  'a rectifier with a slope': [
    fed([4], layer('ReLU', { max_value: null, negative_slope: 0.1, threshold: 0 })),
    ['leakyReLU {"alpha":0.1}'],
  ],
  'a rectifier with a threshold': [
    fed([4], layer('ReLU', { max_value: null, threshold: 0.5 })),
    ['thresholdedReLU {"theta":0.5}'],
  ],
  'an activation as a layer': [
    fed([4], layer('Activation', { activation: 'silu' }), layer('Activation', { name: 'b', activation: 'relu' })),
    ['activation {"activation":"swish"}', 'reLU {}'],
  ],
  'an activation that is only a layer': [
    fed([4], layer('Dense', { units: 2, activation: 'leaky_relu' })),
    ['dense {"units":2}', 'leakyReLU {"alpha":0.2}'],
  ],
  'a layer as an activation': [
    fed([4], layer('Dense', { units: 2, activation: layer('ELU', { alpha: 0.5 }) })),
    ['dense {"units":2}', 'elu {"alpha":0.5}'],
  ],
  'an activation of several layers': [
    fed([4], layer('Dense', { units: 2, activation: 'hard_silu' })),
    ['dense {"units":2}', `rescaling ${sixth}`, 'reLU {"maxValue":1}', 'multiply {}'],
  ],
  'the hard sigmoid of Keras 3': [
    fed([4], layer('Activation', { activation: 'hard_sigmoid' })),
    [`rescaling ${sixth}`, 'reLU {"maxValue":1}'],
  ],
  'a group for each channel': [
    fed(
      image,
      layer('Conv2D', { filters: 8, kernel_size: [3, 3], groups: 4, use_bias: false, kernel_constraint: null }),
    ),
    ['depthwiseConv2d {"kernelSize":3,"useBias":false,"depthMultiplier":2}'],
  ],
  'a factor for each channel': [
    fed(image, layer('LayerScale', { init_values: 0.5, projection_dim: 4 }, 'keras.src.applications.convnext')),
    ['depthwiseConv2d {"kernelSize":1,"depthwiseInitializer":{"constant":{"value":0.5}},"useBias":false}'],
  ],
  'axes that a pooling keeps': [
    fed(image, layer('GlobalMaxPooling2D', { keepdims: true })),
    ['globalMaxPooling2d {}', 'reshape {"targetShape":[1,1,4]}'],
  ],
  'a pooling of a whole volume': [
    fed([2, 3, 4, 5], layer('GlobalAveragePooling3D', { keepdims: false })),
    ['averagePooling3d {"poolSize":[2,3,4]}', 'flatten {}'],
  ],
  'a pooling of a whole volume that keeps its axes': [
    fed([2, 3, 4, 5], layer('GlobalMaxPooling3D', { keepdims: true })),
    ['maxPooling3d {"poolSize":[2,3,4]}'],
  ],
  'a dropout of whole channels': [
    fed(image, layer('SpatialDropout2D', { rate: 0.2, data_format: 'channels_last' })),
    ['dropout {"rate":0.2,"noiseShape":[null,1,1,null]}'],
  ],
  'a dropout of whole channels that come first': [
    fed([4, 6, 6], layer('SpatialDropout2D', { rate: 0.2, data_format: 'channels_first' })),
    ['dropout {"rate":0.2,"noiseShape":[null,null,1,1]}'],
  ],
  borders: [
    fed(
      image,
      layer('ZeroPadding2D', {
        padding: [
          [3, 3],
          [3, 3],
        ],
      }),
      layer('Cropping2D', {
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
    ),
    ['zeroPadding2d {"padding":3}', 'cropping2D {"cropping":[[1,0],[0,1]]}'],
  ],
  'a recurrent layer': [
    fed(
      steps,
      layer('GRU', { units: 3, recurrent_activation: 'sigmoid', reset_after: true, return_state: false, seed: 4 }),
    ),
    ['gru {"units":3,"recurrentActivation":"sigmoid","resetAfter":true}'],
  ],
  'the hard sigmoid of Keras 2': [
    keras2(steps, layer('LSTM', { units: 3, recurrent_activation: 'hard_sigmoid', time_major: false })),
    ['lstm {"units":3}'],
  ],
  'both directions': [
    fed(
      steps,
      layer('Bidirectional', {
        merge_mode: 'sum',
        layer: layer('LSTM', lstm),
        backward_layer: layer('LSTM', { ...lstm, go_backwards: true }),
      }),
    ),
    [
      'bidirectional {"layer":{"lstm":{"units":3,"recurrentActivation":"sigmoid","returnSequences":true}},"mergeMode":"sum"}',
    ],
  ],
  'both directions, the backward one first, with an option after the direction': [
    fed(
      steps,
      layer('Bidirectional', {
        layer: layer('GRU', { units: 3, go_backwards: true, dropout: 0.25, reset_after: false }),
        backward_layer: layer('GRU', { units: 3, dropout: 0.25, reset_after: false }),
      }),
    ),
    ['bidirectional {"layer":{"gru":{"units":3,"goBackwards":true,"dropout":0.25}}}'],
  ],
  'a layer for each step': [
    fed(steps, layer('TimeDistributed', { layer: layer('Dense', { units: 3 }) })),
    ['timeDistributed {"layer":{"dense":{"units":3}}}'],
  ],
  'stacked cells': [
    fed(
      steps,
      layer('RNN', {
        cell: layer('StackedRNNCells', {
          cells: [layer('LSTMCell', { units: 2 }), layer('SimpleRNNCell', { units: 3 })],
        }),
      }),
    ),
    ['rnn {"cell":[{"lstmCell":{"units":2}},{"simpleRNNCell":{"units":3}}]}'],
  ],
  'initializers of a model without weights': [
    fed(
      [4],
      layer('Dense', {
        units: 2,
        kernel_initializer: {
          class_name: 'VarianceScaling',
          config: { scale: 2, mode: 'fan_in', distribution: 'truncated_normal', seed: 3 },
        },
      }),
    ),
    ['dense {"units":2,"kernelInitializer":"heNormal"}'],
  ],
  'penalties and constraints': [
    fed(
      [4],
      layer('Dense', {
        units: 2,
        kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.0010000000474974513 } },
        bias_constraint: { class_name: 'MaxNorm', config: { max_value: 3, axis: 0 } },
      }),
    ),
    ['dense {"units":2,"kernelRegularizer":{"l2":{"l2":0.001}},"biasConstraint":{"maxNorm":{"maxValue":3}}}'],
  ],
  'merges, with nodes of Keras 2': [
    functional(
      [
        [inputLayer([4])],
        [layer('Dense', { name: 'a', units: 4 }), 'fed'],
        [layer('Concatenate', { name: 'b', axis: -1 }), 'fed', 'a'],
      ],
      ['b'],
    ),
    ['dense {"units":4}', 'concatenate {}'],
  ],
  'a mask that is stated for a layer that has it anyway': [
    functional(
      [
        [inputLayer([4])],
        [layer('Embedding', { name: 'words', input_dim: 5, output_dim: 3, mask_zero: true }), 'fed'],
        [{ class_name: 'NotEqual', config: { name: 'mask' } }, ['fed', { y: 0 }]],
        [layer('LSTM', { name: 'last', units: 2 }), ['words', { mask: ['mask', 0, 0], training: false }]],
      ],
      ['last'],
    ),
    ['embedding {"inputDim":5,"outputDim":3,"maskZero":true}', 'lstm {"units":2}'],
  ],
  'a difference': [
    functional(
      [
        [inputLayer([4])],
        [layer('Dense', { name: 'a', units: 4 }), 'fed'],
        [layer('Subtract', { name: 'b' }), 'fed', 'a'],
      ],
      ['b'],
    ),
    ['dense {"units":4}', 'rescaling {"scale":-1}', 'add {}'],
  ],
  'a mean of Keras 3 over an image': [
    functional(
      [[inputLayer(image)], [{ class_name: 'Mean', config: { name: 'mean', axis: [1, -2], keepdims: true } }, 'fed']],
      ['mean'],
    ),
    ['globalAveragePooling2d {}', 'reshape {"targetShape":[1,1,4]}'],
  ],
  'a maximum of Keras 2 over the steps': [
    functional(
      [
        [inputLayer(steps)],
        [{ class_name: 'TFOpLambda', config: { name: 'most', function: 'math.reduce_max' } }, ['fed', { axis: 1 }]],
      ],
      ['most'],
    ),
    ['globalMaxPooling1d {}'],
  ],
  'an operation of Keras 2': [
    functional(
      [[inputLayer([4])], [{ class_name: 'TFOpLambda', config: { name: 'six', function: 'nn.relu6' } }, 'fed']],
      ['six'],
    ),
    ['activation {"activation":"relu6"}'],
  ],
}
