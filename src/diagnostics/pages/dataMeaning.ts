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
