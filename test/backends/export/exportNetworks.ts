/** Networks that together hold every layer that can be exported, most options that Keras states otherwise, and names that Python has for itself. */
export const exportNetworks: Readonly<Record<string, string>> = {
  convolutions: `
input: { shape: [12, 10, 3] }
layers:
  - zeroPadding2d: { padding: [[1, 0], [2, 1]] }
  - conv2d: { filters: 4, kernelSize: [3, 2], strides: [2, 1], padding: same, activation: relu }
  - batchNormalization
  - depthwiseConv2d: { kernelSize: 3, depthMultiplier: 2, padding: same, activation: relu6 }
  - separableConv2d: { filters: 6, kernelSize: 3, padding: same, activation: elu }
  - conv2d: { filters: 5, kernelSize: 3, dilationRate: 2, padding: same, activation: swish }
  - conv2dTranspose: { filters: 4, kernelSize: 3, strides: 2, padding: same, activation: gelu_new }
  - cropping2D: { cropping: [[1, 2], [0, 1]] }
  - maxPooling2d: { poolSize: 2, strides: 1, padding: same }
  - averagePooling2d: { poolSize: 3, strides: 2, padding: same }
  - minPooling2d: { poolSize: 2 }
  - upSampling2d: { size: [2, 3] }
  - batchNormalization: { scale: false, center: false, epsilon: 0.01 }
  - globalAveragePooling2d
  - dense: { units: 3, activation: softmax }`,
  activations: `
input: { shape: [9] }
layers:
  - dense: { units: 8, activation: hardSigmoid }
  - dense: { units: 8, activation: selu, useBias: false }
  - reLU: { maxValue: 2 }
  - dense: { units: 8, activation: softplus }
  - leakyReLU: { alpha: 0.2 }
  - dense: { units: 8, activation: gelu }
  - elu
  - dense: { units: 8, activation: softsign }
  - prelu
  - layerNormalization
  - dense: { units: 8, activation: mish }
  - layerNormalization: { epsilon: 0.01, center: false }
  - dropout: { rate: 0.4 }
  - gaussianNoise: { stddev: 0.3 }
  - gaussianDropout: { rate: 0.3 }
  - alphaDropout: { rate: 0.3 }
  - activation: { activation: tanh }
  - softmax`,
  sequences: `
input: { shape: [14, 5] }
layers:
  - conv1d: { filters: 6, kernelSize: 3, padding: same, activation: relu }
  - maxPooling1d: { poolSize: 2 }
  - bidirectional: { layer: { lstm: { units: 4, returnSequences: true } } }
  - timeDistributed: { layer: { dense: { units: 5, activation: tanh } } }
  - gru: { units: 4, returnSequences: true, recurrentActivation: sigmoid }
  - simpleRNN: { units: 4, returnSequences: true, goBackwards: true }
  - spatialDropout1d: { rate: 0.2 }
  - averagePooling1d: { poolSize: 2, strides: 1 }
  - permute: { dims: [2, 1] }
  - reshape: { targetShape: [3, 8] }
  - rnn: { cell: [{ lstmCell: { units: 3 } }, { gruCell: { units: 4 } }] }
  - repeatVector: { n: 3 }
  - globalMaxPooling1d
  - dense: { units: 2 }`,
  volumes: `
input: { shape: [6, 6, 6, 2] }
layers:
  - conv3d: { filters: 3, kernelSize: 2, activation: relu }
  - maxPooling3d: { poolSize: 2, strides: 1 }
  - averagePooling3d: { poolSize: 2, strides: 1 }
  - convLstm2d: { filters: 2, kernelSize: 2 }
  - flatten
  - dense: { units: 3, activation: sigmoid }`,
  towers: `
layers:
  - input: { name: left-one, shape: [7] }
  - input: { name: right, shape: [7] }
  - dense: { name: class, inputs: left-one, units: 5, activation: relu }
  - apply: { layer: class, inputs: right, name: layers }
  - add: { name: add, inputs: [class, layers] }
  - multiply: { name: a-b, inputs: [class, layers] }
  - maximum: { name: maximum, inputs: [class, layers] }
  - minimum: { name: minimum, inputs: [class, layers] }
  - average: { name: average, inputs: [class, layers] }
  - dot: { name: dot, inputs: [class, layers], axes: 1, normalize: true }
  - concatenate: { name: all, inputs: [add, a-b, maximum, minimum, average, dot] }
  - dense: { name: model, inputs: all, units: 3 }
  - dense: { name: lambda, inputs: average, units: 1, activation: sigmoid }
outputs: [model, lambda]`,
  words: `
input: { shape: [6] }
layers:
  - rescaling: { scale: 3, offset: 1 }
  - embedding: { inputDim: 12, outputDim: 4, maskZero: true }
  - lstm: { units: 3 }
  - dense: { units: 2, activation: softmax, trainable: false }`,
  // Layers that stock TensorFlow.js throws at or computes otherwise.
  broughtImages: `
input: { shape: [9, 8, 2] }
layers:
  - centerCrop: { height: 8, width: 8 }
  - depthwiseConv2d: { kernelSize: 3, depthMultiplier: 2, dilationRate: 2, padding: same }
  - batchNormalization: { axis: 1, trainable: false }
  - elu: { alpha: 0.5 }
  - conv2dTranspose: { filters: 2, kernelSize: 2, dilationRate: 2, activityRegularizer: l2 }
  - softmax: { axis: 2 }
  - masking
  - flatten
  - dense: { units: 3 }`,
  broughtSteps: `
input: { shape: [6, 3] }
layers:
  - conv1d: { filters: 4, kernelSize: 3, padding: causal, dilationRate: 2 }
  - gru: { units: 4, resetAfter: true, returnSequences: true }
  - bidirectional: { layer: { gru: { units: 3, resetAfter: true, returnSequences: true } } }
  - rnn: { cell: [{ gruCell: { units: 3, resetAfter: true } }, { lstmCell: { units: 2 } }], returnSequences: true }
  - layerNormalization: { axis: 1 }
  - dense: { units: 2 }`,
  broughtVolumes: `
input: { shape: [6, 6, 6, 2] }
layers:
  - conv3d: { filters: 2, kernelSize: 1, strides: 2, padding: same }
  - conv3dTranspose: { filters: 2, kernelSize: 2, strides: 2 }
  - batchNormalization
  - maxPooling3d: { poolSize: 1, strides: 2, padding: same }
  - layerNormalization
  - averagePooling3d: { poolSize: 1, strides: 2, padding: same }
  - flatten
  - dense: { units: 3, activation: sigmoid }`,
}
