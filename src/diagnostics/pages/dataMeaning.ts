/** The pages on what is made of the samples of a dataset. */
import { spec } from './page.ts'

export const dataMeaningPages = {
  'meaning/augmentation-misfit': {
    why: 'Some of the images would have nothing in them, or cannot be changed so at all.',
    wrong: spec`
      name: example
      dataset: mnist
      augment:
        - randomCrop: { padding: 30 }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      dataset: mnist
      augment:
        - randomCrop: { padding: 3 }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
  },
  'meaning/class-weights': {
    why: 'The loss of a sample is multiplied by the weight of its class, which is named as the dataset names it, or by its index from 0 on. Labels that are values have no classes, and of several outputs each would have its own.',
    wrong: spec`
      name: example
      dataset: cifar10
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      training: { classWeights: { cats: 2 } }
    `,
    right: spec`
      name: example
      dataset: cifar10
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      training: { classWeights: { cat: 2 } }
    `,
  },
  'meaning/normalize-misfit': {
    why: 'Each channel has a mean and a standard deviation of its own: the one of a grey image, the three of a colour image.',
    wrong: spec`
      name: example
      dataset: mnist
      normalize: { mean: [0.485, 0.456, 0.406], std: [0.3081] }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      dataset: mnist
      normalize: { mean: [0.1307], std: [0.3081] }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    help: '`fit: true` takes both from the training samples.',
  },
  'meaning/unusual-augmentation': {
    why: 'An augmented image has to mean what it meant before: a mirrored 5 is no digit, and hardly tells what a 5 looks like.',
    wrong: spec`
      name: example
      dataset: mnist
      augment:
        - randomFlip
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      dataset: mnist
      augment:
        - randomRotation: { degrees: 10 }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
  },
}
