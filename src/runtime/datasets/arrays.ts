import { type NpyArray, readNpy } from '../formats/npy.ts'
import { DataError } from './dataError.ts'
import { fileAt, readNamedFile } from './namedFiles.ts'
import { readNpzArrays, listNpzArrays } from './npzArrays.ts'
import { type DatasetSplits, type Samples } from './samples.ts'
import { splitForTesting } from './testSplit.ts'

/** How arrays of NumPy become samples. */
export interface ArrayForm {
  /** Whether labels are classes or values; by default classes where they are whole numbers. */
  readonly labels?: 'classes' | 'values'
  /** The shape of one sample, in place of that of the array. */
  readonly shape?: readonly number[]
  readonly testSplit?: number
}

/** Arrays in one NPZ file, by their names in it. */
export interface NpzOptions extends ArrayForm {
  readonly path: string
  readonly inputs: string
  readonly targets: string
  readonly testInputs: string
  readonly testTargets: string
}

/** Arrays in an NPY file each. */
export interface NpyOptions extends ArrayForm {
  readonly inputs: string
  readonly targets: string
  readonly testInputs?: string
  readonly testTargets?: string
}

/**
 * Samples from the arrays of an NPZ file, such as Keras's `mnist.npz`. Without the arrays to test on, there are none.
 *
 * @param folder A file or the folder that it is in, in place of the options' own path.
 * @throws DataError where the file or an array is missing or damaged.
 */
export async function loadNpz(options: NpzOptions, folder?: string): Promise<DatasetSplits> {
  const { inputs, targets, testInputs, testTargets } = options
  const path = fileAt(options.path, folder)
  const read = (names: readonly [string, string]): Samples => {
    const [samples, labels] = readNpzArrays(path, names)
    const called = names.map((name) => `${name} of ${path}`)
    return { ...samplesOfArrays(samples!, labels!, options, called), origin: numberIn(path) }
  }
  const hasTest = listNpzArrays(path).includes(testInputs)
  return splitsOfArrays(read([inputs, targets]), hasTest ? read([testInputs, testTargets]) : undefined, options)
}

/**
 * Samples from NPY files.
 *
 * @param folder That of the files, in place of where the options say.
 * @throws DataError where a file is missing or damaged.
 */
export async function loadNpy(options: NpyOptions, folder?: string): Promise<DatasetSplits> {
  const read = async (inputs: string, targets: string): Promise<Samples> => {
    const paths = [inputs, targets].map((path) => fileAt(path, folder, path))
    const [samples, labels] = await Promise.all(paths.map(async (path) => readNpy(await readNamedFile(path), path)))
    return { ...samplesOfArrays(samples!, labels!, options, paths), origin: numberIn(paths[0]!) }
  }
  const { testInputs, testTargets } = options
  const test = testInputs !== undefined && testTargets !== undefined ? await read(testInputs, testTargets) : undefined
  return splitsOfArrays(await read(options.inputs, options.targets), test, options)
}

function numberIn(file: string): NonNullable<Samples['origin']> {
  return (sample) => ({ file, number: sample })
}

function splitsOfArrays(train: Samples, test: Samples | undefined, { testSplit = 0 }: ArrayForm): DatasetSplits {
  const classes = train.classes === undefined ? undefined : Math.max(train.classes, test?.classes ?? 0)
  const withClasses = (samples: Samples): Samples => ({ ...samples, ...(classes !== undefined && { classes }) })
  return {
    ...(test ? { train: withClasses(train), test: withClasses(test) } : splitForTesting(train, testSplit)),
    classNames: Array.from({ length: classes ?? 0 }, (_, label) => String(label)),
  }
}

/** @param files Where the inputs and the labels come from, for messages. */
function samplesOfArrays(
  inputs: NpyArray,
  targets: NpyArray,
  { labels, shape }: ArrayForm,
  [file = '', targetFile = '']: readonly string[],
): Samples {
  const [count = 0, ...sizes] = inputs.shape
  const areBytes = inputs.data instanceof Uint8Array
  const sampleShape = shape ?? naturalShape(sizes, areBytes)
  const size = (lengths: readonly number[]): number => lengths.reduce((product, length) => product * length, 1)
  if (size(sampleShape) !== size(sizes)) {
    throw new DataError(
      `The samples of ${file} are ${sizes.join(' x ')}, which cannot be ${sampleShape.join(' x ')}.`,
      'Leave `shape` out, or state one of as many values.',
    )
  }
  return {
    inputs: inputs.data instanceof Int32Array ? Float32Array.from(inputs.data) : inputs.data,
    sampleShape,
    scale: areBytes ? 1 / 255 : 1,
    count,
    ...labelsOfArray(targets, count, labels, targetFile),
  }
}

function labelsOfArray(
  { data, shape }: NpyArray,
  count: number,
  kind: ArrayForm['labels'],
  file: string,
): Pick<Samples, 'labels' | 'classes'> {
  const isColumn = shape.length === 2 && shape[1] === 1
  if (shape[0] !== count || (shape.length !== 1 && !isColumn)) {
    throw new DataError(
      `${file} has the shape ${shape.join(' x ')}, where there are ${count} samples with one label each.`,
      'Labels are class numbers or values, one a sample; of one-hot rows, save `labels.argmax(axis=1)`.',
    )
  }
  if ((kind ?? (data instanceof Float32Array ? 'values' : 'classes')) === 'values') {
    return { labels: Float32Array.from(data) }
  }
  let classes = 0
  for (const [number, label] of data.entries()) {
    if (!Number.isInteger(label) || label < 0 || label >= 100_000) {
      throw new DataError(
        `${file} has ${label} at number ${number}, which is no class: they are whole numbers from 0 on.`,
        'With `labels: values`, it is a value to be predicted.',
      )
    }
    classes = Math.max(classes, label + 1)
  }
  return { labels: Int32Array.from(data), classes }
}

/** Bytes of two axes are the pixels of an image of one channel. */
function naturalShape(sizes: readonly number[], areBytes: boolean): readonly number[] {
  if (sizes.length === 0) return [1]
  return areBytes && sizes.length === 2 ? [...sizes, 1] : sizes
}
