/** Interprets an array of labels as classes or values. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { KnownError } from '../../system/knownError.ts'
import { type NpyArray } from './npy.ts'

/** The options for reading labels. */
export interface LabelForm {
  /** The kind of labels; by default `classes` if the array has an integer type, otherwise `values`. */
  readonly labels?: 'classes' | 'values' | undefined
}

/** Labels as training uses them. */
export interface ArrayLabels {
  readonly labels: Int32Array | Float32Array
  /** Undefined if the labels are values. */
  readonly classes: number | undefined
}

/**
 * Reads the labels in a NumPy array: one per sample, a class or a value, on one axis or in a column; or one-hot rows
 * with one entry per class.
 *
 * @param array Float64, so that 32-bit integers are not rounded. It may be only the first rows of an array.
 * @param file The origin of the array, for messages.
 * @throws KnownError with the index of the sample if the labels are anything else.
 */
export function readLabelArray(
  { shape, dtype, data, written }: NpyArray,
  { labels: kind }: LabelForm,
  file: string,
): ArrayLabels {
  const [, ...sizes] = shape
  const size = sizes.reduce((product, length) => product * length, 1)
  if (shape.length === 0 || (sizes.length > 1 && size > 1)) throw wrongLabelShape(shape, file)
  if (size !== 1) return { labels: readOneHotRows(data, size, kind, file), classes: size }
  if (areLabelValues({ shape, dtype }, kind)) return { labels: Float32Array.from(data), classes: undefined }
  let classes = 0
  for (let number = 0; number < data.length; number++) {
    const label = data[number]!
    if (!Number.isInteger(label) || label < 0 || label >= mostClasses) {
      throw new KnownError(
        'data/bad-label',
        `${file} has ${written.get(number) ?? label} at index ${number}, which is not a class: classes are whole numbers from 0.`,
        label >= mostClasses && Number.isInteger(label)
          ? `There can be at most ${mostClasses} classes. For values to predict, set \`labels: values\`.`
          : 'For values to predict, set `labels: values`.',
      )
    }
    classes = Math.max(classes, label + 1)
  }
  return { labels: Int32Array.from(data), classes }
}

const mostClasses = 100_000

/** Whether labels are one value per sample instead of classes. */
export function areLabelValues(
  { shape, dtype }: Pick<NpyArray, 'shape' | 'dtype'>,
  kind: LabelForm['labels'],
): boolean {
  const isOne = shape.slice(1).every((length) => length === 1)
  return shape.length > 0 && isOne && (kind ?? (dtype.includes('f') ? 'values' : 'classes')) === 'values'
}

/** @throws KnownError if there is not one label for each sample. */
export function checkLabelCount(shape: readonly number[], count: number, file: string): void {
  if (shape[0] === count) return
  throw new KnownError(
    'data/bad-label',
    `${file} has the shape ${shape.join(' x ')}, but there are ${countOf(count, 'sample')} with one label each.`,
    'Labels must be class numbers or values, one per sample, or one-hot rows.',
  )
}

/** Reads the class of each row: the index of its only 1. */
function readOneHotRows(data: NpyArray['data'], width: number, kind: LabelForm['labels'], file: string): Int32Array {
  const classes = new Int32Array(Math.floor(data.length / width))
  for (let row = 0; row < classes.length; row++) {
    let ones = 0
    let isBinary = true
    for (let column = 0; column < width; column++) {
      const value = data[row * width + column]!
      if (value === 1) {
        ones++
        classes[row] = column
      } else if (value !== 0) isBinary = false
    }
    if (kind !== 'values' && isBinary && ones === 1) continue
    throw notOneHot([...data.subarray(row * width, (row + 1) * width)], row, kind, file)
  }
  return classes
}

function notOneHot(values: readonly number[], row: number, kind: LabelForm['labels'], file: string): KnownError {
  const ones = values.filter((value) => value === 1).length
  const isBinary = values.every((value) => value === 0 || value === 1)
  const sum = values.reduce((total, value) => total + value, 0)
  const arePercentages = values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3
  const shown = values.slice(0, 6).join(', ') + (values.length > 6 ? ', …' : '')
  const fail = (what: string, help: string): KnownError =>
    new KnownError('data/bad-label', `${file} has ${what}.`, help)
  if (kind !== 'values' && isBinary) {
    return fail(
      `${ones === 0 ? 'no 1' : `${ones} ones`} in the row of sample ${row}, but a one-hot label has a single 1`,
      'A sample has one class. For several yes/no answers per sample, train one network per column of labels.',
    )
  }
  if (kind !== 'values' && arePercentages) {
    return fail(
      `class probabilities for sample ${row} (${shown}), but a label is one class per sample`,
      'Save the most probable class, `labels.argmax(axis=1)`.',
    )
  }
  return fail(
    `${values.length} values for sample ${row} (${shown}), but a label is one value per sample`,
    'Save one of the columns as labels, such as `labels[:, 0]`.',
  )
}

function wrongLabelShape(shape: readonly number[], file: string): KnownError {
  return new KnownError(
    'data/bad-label',
    `${file} has the shape ${shape.length === 0 ? '()' : shape.join(' x ')}, but labels must be one per sample or one-hot rows.`,
    'Labels must be class numbers or values, one per sample. For one-hot rows, save `labels.argmax(axis=1)`.',
  )
}

/** Counts the classes below the largest label that have no sample. */
export function countAbsentClasses(labels: Iterable<number>, classes: number): number {
  return classes - new Set(labels).size
}
