/** The pages on what TensorFlow.js cannot do. */
import { spec, type PagesOf } from './page.ts'

export const enginePages: PagesOf<'engine'> = {
  'engine/not-trainable': {
    why: 'The layer takes whole numbers, such as the places of words in a list, and its output does not change smoothly with them, so that training would throw in its first step.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 8 }
        - embedding: { inputDim: 10, outputDim: 2 }
        - flatten
        - dense: { units: 1 }
      optimizer: adam
      loss: meanSquaredError
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - embedding: { inputDim: 10, outputDim: 2 }
        - flatten
        - dense: { units: 1 }
      optimizer: adam
      loss: meanSquaredError
    `,
    help: 'A layer that stands before all layers with weights needs no gradient, and gives no error.',
  },
  'engine/not-implemented': {
    why: 'The option exists in tf.layers, but is ignored, or throws when the network is built or run.',
    wrong: spec`
      name: example
      input: { shape: [16, 4] }
      layers:
        - gru: { units: 8, stateful: true }
    `,
    right: spec`
      name: example
      input: { shape: [16, 4] }
      layers:
        - gru: { units: 8 }
    `,
  },
  'engine/tensor-too-large': {
    why: 'The kernels of TensorFlow.js count the values of a tensor in 32-bit integers, so that none can have more than 2,147,483,647. Weights, and outputs of one sample, are checked; outputs of a batch are if the number of training samples is known. A smaller network may still need more memory than the machine or the engine has: `shapewright summary` says how much a training step takes, and `train` compares that with what there is before it makes anything.',
    wrong: spec`
      name: example
      input: { shape: [784] }
      layers:
        - dense: { units: 1000000000, activation: relu }
        - dense: { units: 10 }
    `,
    right: spec`
      name: example
      input: { shape: [784] }
      layers:
        - dense: { units: 1000, activation: relu }
        - dense: { units: 10 }
    `,
  },
  'engine/mask-misread': {
    why: 'A mask says which steps of a sequence to skip. TensorFlow.js hands it on to every layer that it runs afterwards, also where the sequence is another one, and gives it to layers that cannot read it. They throw in the run, or skip the wrong steps without a word.',
    wrong: spec`
      name: example
      input: { shape: [20] }
      layers:
        - embedding: { inputDim: 1000, outputDim: 16, maskZero: true }
        - lstm: { units: 32 }
        - dense: { units: 4 }
        - softmax
    `,
    right: spec`
      name: example
      input: { shape: [20] }
      layers:
        - embedding: { inputDim: 1000, outputDim: 16, maskZero: true }
        - lstm: { units: 32 }
        - dense: { units: 4, activation: softmax }
    `,
    help: 'In a decoder behind `repeatVector`, do without `maskZero` in the encoder.',
  },
}
