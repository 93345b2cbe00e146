/** Fields and facts that the datasets of NumPy arrays, npy and npz, share. */
import * as Type from 'typebox'
import { oneOf } from '../../language/fields.ts'
import { formatBytes } from '../../diagnostics/formatCount.ts'
import {
  areLabelValues,
  checkLabelCount,
  countAbsentClasses,
  readLabelArray,
} from '../../runtime/formats/labelArray.ts'
import { areBytes, readNpyRows, sampleShapeOf, type NpyArray, type NpyHeader } from '../../runtime/formats/npy.ts'
import type { DatasetFacts } from '../../language/datasetDef.ts'
import { explainErrors } from './describeFiles.ts'
import { scaledBytes, testSplitField } from '../../language/datasetFields.ts'

export const arrayFields = {
  labels: Type.Optional(
    oneOf(['classes', 'values'] as const, {
      description:
        'What the labels are: `classes`, whole numbers from 0, or `values`, predicted as they are. The default is classes for an array of whole numbers. One-hot rows are classes, as many as there are columns.',
      examples: ['values'],
    }),
  ),
  shape: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        'The shape of one sample; overrides the shape of the array. The default for bytes with two axes is an image with one channel.',
      minItems: 1,
      examples: [[28, 28, 1]],
    }),
  ),
  testSplit: testSplitField,
}

/** The headers of the arrays of a dataset, and access to the labels. */
export interface ArrayFiles {
  readonly inputs: NpyHeader
  /** The name of the samples in messages. */
  readonly inputName: string
  readonly targets: NpyHeader
  /** The name of the labels in messages. */
  readonly targetName: string
  /** The size of the array of labels in bytes. */
  readonly targetBytes: number
  /** Reads the first `length` bytes of the array of labels. */
  readTargets(length: number): Uint8Array
}

interface ArrayOptions {
  readonly labels?: 'classes' | 'values' | undefined
  readonly shape?: readonly number[] | undefined
}

export function factsOfArrays(files: ArrayFiles, options: ArrayOptions): DatasetFacts {
  const { inputs, inputName, targetName } = files
  const ofSamples = explainErrors(inputName, 'shape', () => ({
    sampleShape: sampleShapeOf(inputs, options.shape, inputName),
    trainCount: inputs.shape[0] ?? 0,
    ...(areBytes(inputs) && scaledBytes),
  }))
  if (ofSamples.problems !== undefined) return ofSamples
  return { ...ofSamples, ...explainErrors(targetName, 'targets', () => factsOfLabels(files, options)) }
}

function factsOfLabels(
  { inputs, targets, targetName, targetBytes, readTargets }: ArrayFiles,
  { labels: kind }: ArrayOptions,
): DatasetFacts {
  const [trainCount = 0] = inputs.shape
  checkLabelCount(targets.shape, trainCount, targetName)
  if (areLabelValues(targets, kind)) return { hasValues: true }
  const isWhole = targetBytes <= maxLabelBytes
  const array = isWhole
    ? readNpyRows(readTargets(targetBytes), trainCount, targetName)
    : readBeginning(targets, targetName, readTargets)
  const { labels, classes } = readLabelArray(array, { labels: kind }, targetName)
  if (classes === undefined) return {}
  const isOneHot = array.data.length > labels.length
  if (!isWhole && !isOneHot) {
    const reason = `only the first part of ${targetName} was read, because it is larger than ${formatBytes(maxLabelBytes)}`
    return { unknown: [{ fact: 'classes', reason, help: '`check --data` reads all labels' }] }
  }
  const absent = isOneHot ? 0 : countAbsentClasses(labels, classes)
  return { classes, ...(absent > 0 && { absentClasses: absent }) }
}

/** Reads the whole rows of labels in the first 60,000 bytes. */
function readBeginning(
  { shape, offset, dtype }: NpyHeader,
  targetName: string,
  readTargets: ArrayFiles['readTargets'],
): NpyArray {
  const rowBytes = shape.slice(1).reduce((product, length) => product * length, Number(dtype.slice(-1)))
  const rows = Math.floor(60_000 / rowBytes)
  return readNpyRows(readTargets(offset + rows * rowBytes), rows, targetName)
}

/** Labels larger than this many bytes are not read to count the classes. */
export const maxLabelBytes = 1_000_000
