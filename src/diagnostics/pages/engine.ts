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
