/** The pages on datasets whose files are not as the spec says. */
import { spec, type PagesOf } from './page.ts'
import { tableColumnPages } from './tableColumns.ts'

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
  ...tableColumnPages,
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
  'data/not-checked': {
    why: 'What the files do not tell within the milliseconds that `check` takes is not compared with the network: that nothing is reported does not mean that it fits. `check --data` reads all of the data.',
    wrong: spec`
      name: example
      dataset: { npz: { path: docs/examples/points.npz, inputs: points, targets: labels } }
      layers:
        - dense: { units: 10, activation: softmax }
      optimizer: adam
      loss: sparseCategoricalCrossentropy
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset: { npz: { path: docs/examples/points.npz, inputs: points, targets: corrected } }
      layers:
        - dense: { units: 3, activation: softmax }
      optimizer: adam
      loss: sparseCategoricalCrossentropy
      training: { batchSize: 3 }
    `,
    help: 'Here the labels go up to 9, and most below do not occur: there may be ten classes, or one label is wrong.',
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
  'data/not-finite': {
    why: 'One such value makes the loss NaN, and with it every weight. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { crate: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { volume: ignore, crate: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    help: 'Numbers are float32: what is beyond 3.4e38 is infinite.',
  },
  'data/one-class': {
    why: 'A network that is shown one answer only learns to give it, whatever it is shown. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: species } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3, validationSplit: 0.66 }
    `,
    right: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: species } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3, validationSplit: 0.66, stratified: true }
    `,
    help: '`validationSplit` holds out the last samples: where they are sorted by class, those of some classes and none of others.',
  },
  'data/label-out-of-range': {
    why: 'The loss of such a sample is taken at a unit that the network does not have. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset: { npz: { path: docs/examples/points.npz, inputs: points, targets: labels } }
      layers:
        - dense: { units: 3, activation: softmax }
      optimizer: adam
      loss: sparseCategoricalCrossentropy
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset: { npz: { path: docs/examples/points.npz, inputs: points, targets: corrected } }
      layers:
        - dense: { units: 3, activation: softmax }
      optimizer: adam
      loss: sparseCategoricalCrossentropy
      training: { batchSize: 3 }
    `,
    help: 'Where every class up to the largest label occurs, it is the units that are too few, which `meaning/class-count` tells.',
  },
  'data/missing-class': {
    why: 'What never trains is never learned, and what never validates is not judged. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: species } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3, validationSplit: 0.34 }
    `,
    right: spec`
      name: example
      dataset: { csv: { path: docs/examples/flowers.csv, label: species } }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3, validationSplit: 0.34, stratified: true }
    `,
  },
  'data/leaked-samples': {
    why: 'The network knows them already: it does better on them than on new ones. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/flowers.csv
          test: docs/examples/flowers.csv
          label: species
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/flowers.csv
          testSplit: 0.34
          label: species
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    help: 'Rows of few and coarse numbers may well be equal by chance: then `ignore` the code.',
  },
  'data/contradictory-labels': {
    why: 'No network can give two answers to one question. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { weight: ignore, volume: ignore, crate: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { volume: ignore, crate: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
  },
  'data/constant-column': {
    why: 'It tells no sample from another; it was hardly meant to be an input. Only `check --data` finds it.',
    wrong: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { volume: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
    right: spec`
      name: example
      dataset:
        csv:
          path: docs/examples/fruit.csv
          label: fruit
          columns: { volume: ignore, crate: ignore }
      layers:
        - dense: { units: 3, activation: softmax }
      training: { batchSize: 3 }
    `,
  },
}
