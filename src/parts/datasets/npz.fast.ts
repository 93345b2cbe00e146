/** The loaders of datasets from NumPy arrays: `npz` and `npy`. */
import { createReadStream } from 'node:fs'
import { isKnownError } from '../../system/knownError.ts'
import { checkLabelCount, readLabelArray } from '../../runtime/formats/labelArray.ts'
import {
  sampleShapeOf,
  type NpyArray,
  NpyElements,
  type NpyFloats,
  npyHeadBytes,
  type NpyTarget,
  readNpyHeader,
} from '../../runtime/formats/npy.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { openRegularFile } from '../../system/regularFile.ts'
import { refuseTooLarge } from '../../runtime/data/memoryForecast.ts'
import { cannotBeRead, fileAt } from '../../runtime/data/namedFiles.ts'
import { readNpzArray, listNpzArrays } from '../../runtime/formats/npz.ts'
import { type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { splitForTesting } from '../../runtime/data/testSplit.ts'

/** How NumPy arrays are converted to samples. */
export interface ArrayForm {
  /** Whether labels are classes or values; by default classes if they are integers. */
  readonly labels?: 'classes' | 'values'
  /** The shape of one sample; by default that of the array. */
  readonly shape?: readonly number[]
  readonly testSplit?: number
}

/** The options of an NPZ file: the names of its arrays. */
export interface NpzOptions extends ArrayForm {
  readonly path: string
  readonly inputs: string
  readonly targets: string
  readonly testInputs: string
  readonly testTargets: string
}

/** The options of NPY files, one per array. */
export interface NpyOptions extends ArrayForm {
  readonly inputs: string
  readonly targets: string
  readonly testInputs?: string
  readonly testTargets?: string
}

/**
 * Loads samples from the arrays of an NPZ file, such as Keras's `mnist.npz`. The test arrays are optional.
 *
 * @param folder The file or its folder; overrides the path of the options.
 * @throws KnownError if the file or an array is missing or damaged.
 */
export async function loadNpz(options: NpzOptions, folder?: string): Promise<DatasetSplits> {
  const { inputs, targets, testInputs, testTargets } = options
  const path = fileAt(options.path, folder)
  const read = async (names: readonly [string, string]): Promise<Samples> => {
    const samples = await readNpzArray(path, names[0], Float32Array)
    const labels = await readNpzArray(path, names[1], Float64Array)
    const called = names.map((name) => `${name} of ${path}`)
    return samplesOfArrays(samples, labels, options, called, path)
  }
  const hasTest = listNpzArrays(path).includes(testInputs)
  const train = await read([inputs, targets])
  return splitsOfArrays(train, hasTest ? await read([testInputs, testTargets]) : undefined, options)
}

/**
 * Loads samples from NPY files.
 *
 * @param folder The folder of the files; overrides the paths of the options.
 * @throws KnownError if a file is missing or damaged.
 */
export async function loadNpy(options: NpyOptions, folder?: string): Promise<DatasetSplits> {
  const read = async (inputs: string, targets: string): Promise<Samples> => {
    const paths = [inputs, targets].map((path) => fileAt(path, folder, path))
    const samples = await readNpyFile(paths[0]!, Float32Array)
    const labels = await readNpyFile(paths[1]!, Float64Array)
    return samplesOfArrays(samples, labels, options, paths, paths[0]!)
  }
  const { testInputs, testTargets } = options
  const test = testInputs !== undefined && testTargets !== undefined ? await read(testInputs, testTargets) : undefined
  return splitsOfArrays(await read(options.inputs, options.targets), test, options)
}

/** Reads a file without more memory than its final array takes. */
async function readNpyFile<Floats extends NpyFloats>(
  path: string,
  target: NpyTarget<Floats>,
): Promise<NpyArray<Floats>> {
  try {
    const header = readNpyHeader(nodeHost.read(path, { start: 0, length: npyHeadBytes }), path)
    const allow = (bytes: number) => refuseTooLarge(bytes, `The numbers in ${path}`)
    const elements = new NpyElements(header, nodeHost.size(path) ?? 0, path, target, allow)
    const pieces = createReadStream(path, { fd: openRegularFile(path).file, highWaterMark: 1 << 20 })
    for await (const piece of pieces) elements.push(piece as Uint8Array)
    return elements.end()
  } catch (error) {
    throw isKnownError(error, 'data') ? error : cannotBeRead(path, error)
  }
}

function splitsOfArrays(train: Samples, test: Samples | undefined, { testSplit = 0 }: ArrayForm): DatasetSplits {
  const classes = train.classes === undefined ? undefined : Math.max(train.classes, test?.classes ?? 0)
  const withClasses = (samples: Samples): Samples => ({ ...samples, ...(classes !== undefined && { classes }) })
  return {
    ...(test ? { train: withClasses(train), test: withClasses(test) } : splitForTesting(train, testSplit)),
    classNames: Array.from({ length: classes ?? 0 }, (_, label) => String(label)),
  }
}

/**
 * @param names The names of the inputs and the labels in messages.
 * @param file The file of the inputs.
 */
function samplesOfArrays(
  inputs: NpyArray<Float32Array>,
  targets: NpyArray,
  { labels: kind, shape }: ArrayForm,
  [inputName = '', targetName = '']: readonly string[],
  file: string,
): Samples {
  const [count = 0, ...sizes] = inputs.shape
  const sampleShape = sampleShapeOf(inputs, shape, inputName)
  checkLabelCount(targets.shape, count, targetName)
  const { labels, classes } = readLabelArray(targets, { labels: kind }, targetName)
  const written = writtenBySample(
    inputs,
    sizes.reduce((product, length) => product * length, 1),
  )
  if (classes === undefined) addWrittenLabels(written, targets)
  return {
    inputs: inputs.data,
    sampleShape,
    scale: inputs.data instanceof Uint8Array ? 1 / 255 : 1,
    count,
    labels,
    ...(classes !== undefined && { classes }),
    origin: (sample) => {
      const texts = written.get(sample)
      return { file, number: sample, ...(texts && { written: texts }) }
    },
  }
}

/** The texts of numbers beyond float32, by sample and index in the sample. */
function writtenBySample({ written }: NpyArray, size: number): Map<number, Map<number, string>> {
  const bySample = new Map<number, Map<number, string>>()
  for (const [place, text] of written) {
    const sample = Math.floor(place / size)
    bySample.set(sample, (bySample.get(sample) ?? new Map<number, string>()).set(place % size, text))
  }
  return bySample
}

function addWrittenLabels(bySample: Map<number, Map<number, string>>, { data }: NpyArray): void {
  for (let sample = 0; sample < data.length; sample++) {
    const label = data[sample]!
    if (Number.isFinite(Math.fround(label)) || !Number.isFinite(label)) continue
    bySample.set(sample, (bySample.get(sample) ?? new Map<number, string>()).set(-1, String(label)))
  }
}
