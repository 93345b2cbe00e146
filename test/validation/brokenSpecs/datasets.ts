/** Datasets whose options are wrong, or whose labels are not what the network is trained for. */
import type { BrokenSpec } from './brokenSpec.ts'

/** A spec for values, with some of it changed. */
const regression = ({
  units = '{ units: 1 }',
  loss = 'meanSquaredError',
  metrics = '[r2Score]',
}: Readonly<Record<string, string>>): Partial<BrokenSpec> => ({
  dataset: '{ synthetic: { shape: [6], labels: values } }',
  layers: `
    - dense: { units: 8, activation: tanh }
    - dense: ${units}`,
  loss,
  metrics,
})

export const datasetRows: readonly BrokenSpec[] = [
  {
    title: 'values trained as classes',
    ...regression({
      units: '{ units: 1, activation: sigmoid }',
      loss: 'categoricalCrossentropy # ✗ meaning/loss-labels',
      metrics: '[]',
    }),
    fixed: 'loss: meanSquaredError',
  },
  {
    title: 'values trained as answers yes or no',
    ...regression({ loss: '{ binaryCrossentropy: { fromLogits: true } } # ✗ meaning/loss-labels', metrics: '[]' }),
    fixed: 'loss: meanSquaredError',
  },
  {
    title: 'several units for one value a sample',
    ...regression({ units: '{ units: 3 } # ✗ meaning/class-count' }),
    fixed: 'units: 1',
  },
  {
    title: 'the accuracy of values',
    ...regression({ metrics: '[accuracy] # ✗ meaning/metric-misfit' }),
    fixed: 'metrics: [r2Score]',
  },
  {
    title: 'a rectifier before values',
    ...regression({ units: '{ units: 1, activation: relu } # ✗ meaning/final-rectifier' }),
    fixed: '- dense: { units: 1 }',
  },
  {
    title: 'squared errors of classes',
    dataset: '{ synthetic: { shape: [6], classes: 3 } }',
    layers: `
      - dense: { units: 3 }`,
    loss: 'meanSquaredError # ✗ meaning/unusual-loss',
    metrics: '[]',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'coarse labels, and a unit for each fine one',
    dataset: '{ cifar100: { labels: coarse } }',
    layers: `
      - flatten
      - dense: { units: 100, activation: softmax } # ✗ meaning/class-count`,
    fixed: 'units: 20',
  },
  {
    title: 'a NUL in a path',
    dataset: '{ mnist: { path: "data/\\0mnist" } } # ✗ schema/unknown-value',
  },
  {
    title: 'an empty path',
    dataset: '{ mnist: { path: "" } } # ✗ schema/unknown-value',
  },
  {
    title: 'a path that is a number',
    dataset: '{ fashionMnist: { path: 7 } } # ✗ schema/wrong-type',
  },
  {
    title: 'labels that CIFAR-100 does not have',
    dataset: '{ cifar100: { labels: medium } } # ✗ schema/unknown-value',
  },
  {
    title: 'made-up samples of no classes',
    dataset: '{ synthetic: { classes: 0 } } # ✗ schema/out-of-range',
  },
  {
    title: 'generated fractions for an embedding',
    dataset: '{ synthetic: { shape: [8], classes: 3 } }',
    layers: `
    - embedding: { inputDim: 100, outputDim: 4 } # ✗ meaning/not-indices
    - globalAveragePooling1d
    - dense: { units: 3, activation: softmax }`,
  },
  {
    title: 'scaled bytes that are rearranged and encoded',
    layers: `
    - flatten
    - categoryEncoding: { numTokens: 256 } # ✗ meaning/not-indices
    - dense: { units: 10, activation: softmax }`,
  },
  {
    title: 'two recurrent layers, of which the first drops the steps',
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - lstm: { units: 8 }
    - lstm: { units: 8 } # ✗ shape/wrong-rank
    - dense: { units: 3, activation: softmax }`,
    fixed: '- lstm: { units: 8, returnSequences: true }\n  - lstm: { units: 8 }',
  },
]
