/** The pages on shapes that do not fit. */
import { spec, type PagesOf } from './page.ts'

export const shapePages: PagesOf<'shape'> = {
  'shape/wrong-rank': {
    why: 'The layer reads its input as a vector, a sequence or an image, and the input has more or fewer axes than that.',
    wrong: spec`
      name: example
      input: { shape: [28, 28] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
    help: 'The batch is not written. Images are height x width x channels, sequences steps x values.',
  },
  'shape/kernel-exceeds-input': {
    why: 'There is no position at which the window lies wholly inside: ⌊(size - window) / stride⌋ + 1 is zero or negative. TensorFlow.js builds such a network all the same.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - maxPooling2d: { poolSize: 4 }
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - maxPooling2d: { poolSize: 2 }
        - conv2d: { filters: 8, kernelSize: 3 }
    `,
    help: 'A dilated kernel spans (size - 1) · dilation + 1. `padding: same` pads with zeros, so that every size fits.',
  },
  'shape/falls-to-zero': {
    why: 'More is taken away than there is, and what is left would hold no values.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - cropping2D: { cropping: 4 }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - cropping2D: { cropping: 2 }
    `,
    help: '`cropping: 4` takes four rows away at either side, eight in all.',
  },
  'shape/expect-not-met': {
    why: '`expect` is what you believe the layer gives, and the proof gives another shape. One of the two is a mistake.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, expect: [28, 28, 8] }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, padding: same, expect: [28, 28, 8] }
    `,
  },
  'shape/incompatible-inputs': {
    why: 'Layers that join their inputs need sizes that are equal, or 1, at every axis; `concatenate` at every axis but its own.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 8, inputs: input }
        - dense: { name: right, units: 6, inputs: input }
        - add: { inputs: [left, right] }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { name: left, units: 8, inputs: input }
        - dense: { name: right, units: 8, inputs: input }
        - add: { inputs: [left, right] }
    `,
  },
  'shape/size-mismatch': {
    why: 'The layer keeps, or states, the number of its values, and the two sides differ. TensorFlow.js skips the check while it does not know the batch.',
    wrong: spec`
      name: example
      input: { shape: [784] }
      layers:
        - reshape: { targetShape: [28, 14] }
    `,
    right: spec`
      name: example
      input: { shape: [784] }
      layers:
        - reshape: { targetShape: [28, 28] }
    `,
    help: '-1 for one size lets it follow from the others.',
  },
  'shape/unknown-size': {
    why: 'Weights are made before the run, so what their size follows from must be known by then. `null` is known only in the run.',
    wrong: spec`
      name: example
      input: { shape: [null, null, 3] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
        - flatten
        - dense: { units: 10 }
    `,
    right: spec`
      name: example
      input: { shape: [null, null, 3] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
        - globalAveragePooling2d
        - dense: { units: 10 }
    `,
  },
  'shape/strides-with-dilation': {
    why: 'No engine computes such a convolution. TensorFlow.js builds it, and throws in the run.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, strides: 2, dilationRate: 2 }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, strides: 2 }
    `,
  },
  'shape/bad-axis': {
    why: 'The option names an axis that the input does not have, or the batch; or, for a constraint, that its weight does not have.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - batchNormalization: { axis: 4 }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - batchNormalization: { axis: 3 }
    `,
    help: 'As in tf.layers, axes count the batch as 0; -1 is the last one.',
  },
  'shape/initializer-misfit': {
    why: 'An orthogonal matrix has two axes or more, and an identity two of equal size. The engine throws when it makes the weight.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2, kernelInitializer: identity }
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 4, kernelInitializer: identity }
    `,
  },
  'shape/shared-weights': {
    why: 'A layer that is applied more than once has its weights once, made for the inputs that it has where it stands. A kernel of 4x2 takes inputs of 4 values, and no others.',
    wrong: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [6] }
        - dense: { name: tower, units: 2, inputs: left }
        - apply: { name: other, layer: tower, inputs: right }
        - add: { inputs: [tower, other] }
    `,
    right: spec`
      name: example
      layers:
        - input: { name: left, shape: [4] }
        - input: { name: right, shape: [4] }
        - dense: { name: tower, units: 2, inputs: left }
        - apply: { name: other, layer: tower, inputs: right }
        - add: { inputs: [tower, other] }
    `,
  },
}
