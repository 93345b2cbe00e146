/** The pages on datasets whose files are not as the spec says. */
import { spec, type PagesOf } from './page.ts'

/** A spec that is right, wherever it is checked. */
const withSize = spec`
  name: example
  dataset: { imageFolder: { path: data/flowers, size: [64, 64] } }
  layers:
    - flatten
    - dense: { units: 5, activation: softmax }
  ignore: [data/not-found]
`

export const dataPages: PagesOf<'data'> = {
  'data/not-found': {
    why: 'Whether the last layer has a unit for each class can be told only of a dataset that is there. Training will fail.',
    wrong: spec`
      name: example
      dataset: { imageFolder: { path: data/flowers, size: [64, 64] } }
      layers:
        - flatten
        - dense: { units: 5, activation: softmax }
    `,
    right: withSize,
    help: 'A relative path begins in the folder of the spec. Where specs are checked without their data, `ignore` the code.',
  },
  'data/unknown-shape': {
    why: 'Every shape of the network follows from that of the samples.',
    wrong: spec`
      name: example
      dataset: { imageFolder: { path: data/flowers } }
      layers:
        - flatten
        - dense: { units: 5, activation: softmax }
    `,
    right: withSize,
    help: 'With `size`, the images need not be here to check or compile the spec.',
  },
  'data/no-images': {
    why: 'The classes are the folders that images lie in: `train/cats/1.jpg`, or `cats/1.jpg`.',
    wrong: spec`
      name: example
      dataset: { imageFolder: { path: schema, size: [64, 64] } }
      layers:
        - flatten
        - dense: { units: 5, activation: softmax }
    `,
    right: withSize,
  },
  'data/unknown-column': {
    why: 'What the network is to learn from or to predict is chosen by its name.',
    wrong: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: colour } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: species } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
  },
  'data/unreadable': {
    why: 'Nothing can be told of it, and training will fail.',
    wrong: spec`
      name: example
      dataset: { imageFolder: { path: LICENSE, size: [64, 64] } }
      layers:
        - flatten
        - dense: { units: 5, activation: softmax }
    `,
    right: withSize,
  },
}
