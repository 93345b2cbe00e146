/** Collects what the command `data` shows of a dataset: samples of each class, statistics, and images. */
import { unreadableData } from '../../system/knownError.ts'
import type { ProgramData } from '../../program/program.ts'
import { BatchReader } from '../../runtime/data/batches.ts'
import { measureInputs } from '../../runtime/data/normalize.ts'
import type { DatasetSplits, Samples } from '../../runtime/data/samples.ts'
import { prepareSplits } from '../../runtime/data/prepareSplits.ts'
import { interpretData } from '../../backends/interpret/interpret.ts'
import type { LabelledPicture } from './writeGrid.ts'

export { detectGraphics, encodeGrid, type GraphicsProtocol } from './terminalGrid.ts'
export { writeGrid } from './writeGrid.ts'

export type SplitName = 'train' | 'validation' | 'test'

export interface PreviewRequest {
  /** The path of the dataset; overrides the one in the spec. */
  readonly data?: string | undefined
  readonly validationSplit: number
  readonly seed: number
  /** The number of images to return. */
  readonly view: number
  /** The split of the images. */
  readonly split: SplitName
  /** Whether images are augmented as in training. */
  readonly augmented: boolean
  /** Whether mean and standard deviation are computed. */
  readonly stats: boolean
}

export interface SplitPreview {
  readonly name: SplitName
  readonly count: number
  /** The number of samples of each class; empty if labels are values. */
  readonly perClass: readonly number[]
}

export interface DataPreview {
  readonly sampleShape: readonly number[]
  readonly classNames: readonly string[]
  readonly splits: readonly SplitPreview[]
  /** The mean and standard deviation of each channel over `samples` training samples, as for `normalize`. */
  readonly stats?: { readonly mean: readonly number[]; readonly std: readonly number[]; readonly samples: number }
  readonly pictures: readonly LabelledPicture[]
}

/** @throws KnownError if the data are missing or damaged, or images are wanted of samples that are not images. */
export async function previewData(program: ProgramData, request: PreviewRequest): Promise<DataPreview> {
  const { loadData, augment } = interpretData(program)
  const data = prepareSplits(await loadData(request.data), request)
  const { train, classNames } = data
  const splits = (['train', 'validation', 'test'] as const).flatMap((name) => {
    const samples = data[name]
    return samples === undefined ? [] : [{ name, count: samples.count, perClass: countClasses(samples) }]
  })
  const measured = Math.min(train.count, 10_000)
  return {
    sampleShape: train.sampleShape,
    classNames,
    splits,
    ...(request.stats && { stats: { ...(await measureInputs(unnormalized(train), measured)), samples: measured } }),
    pictures: request.view === 0 ? [] : await takePictures(data, request, augment),
  }
}

function countClasses({ labels, count, classes }: Samples): number[] {
  if (classes === undefined) return []
  const counts = Array.from({ length: classes }, () => 0)
  for (let sample = 0; sample < count; sample++) counts[labels[sample]!]!++
  return counts
}

/** Chooses samples of each class in turn, so a small grid shows as many classes as possible. */
function chooseSamples({ labels, count, classes = 1 }: Samples, wanted: number): Int32Array {
  const byClass = Array.from({ length: classes }, () => [] as number[])
  for (let sample = 0; sample < count; sample++) byClass[classes === 1 ? 0 : labels[sample]!]?.push(sample)
  const chosen: number[] = []
  for (let round = 0; chosen.length < Math.min(wanted, count); round++) {
    for (const samples of byClass) if (round < samples.length && chosen.length < wanted) chosen.push(samples[round]!)
  }
  return Int32Array.from(chosen)
}

async function takePictures(
  data: DatasetSplits,
  { split, view, augmented, seed }: PreviewRequest,
  change: ReturnType<typeof interpretData>['augment'],
): Promise<LabelledPicture[]> {
  const samples = data[split]
  if (samples === undefined) throw unreadableData(`The dataset has no ${split} samples.`, 'Use `--split train`.')
  const [height, width, channels] = samples.sampleShape
  if (samples.sampleShape.length !== 3 || ![1, 3, 4].includes(channels!)) {
    const shape = samples.sampleShape.join('x')
    throw unreadableData(`Samples of shape ${shape} are not images.`, 'Use `--stats` to see their statistics.')
  }
  const reader = new BatchReader(unnormalized(samples), augmented && change ? { change, seed } : undefined)
  const order = chooseSamples(samples, view)
  const size = height! * width! * channels!
  const inputs = new Float32Array(order.length * size)
  await reader.prepare(order, 0, order.length)
  const labels = new Float32Array(order.length * reader.labelSize)
  reader.gather(order, 0, order.length, inputs, labels)
  reader.release()
  return Array.from(order, (number, row) => ({
    width: width!,
    height: height!,
    pixels: toColours(inputs.subarray(row * size, (row + 1) * size), channels!),
    label:
      reader.labelSize > 1
        ? describeMixture(labels.subarray(row * reader.labelSize, (row + 1) * reader.labelSize), data.classNames)
        : describeLabel(samples, number, data.classNames),
  }))
}

function describeLabel({ labels, classes }: Samples, number: number, classNames: readonly string[]): string {
  return classes === undefined ? String(labels[number]) : (classNames[labels[number]!] ?? '')
}

/** The label of a mixed image: `cat 0.8, dog 0.2`. */
function describeMixture(parts: Float32Array, classNames: readonly string[]): string {
  const shown = [...parts.entries()].filter(([, part]) => part >= 0.005).toSorted(([, one], [, other]) => other - one)
  const name = (label: number) => classNames[label] ?? String(label)
  if (shown.length === 1) return name(shown[0]![0])
  return shown.map(([label, part]) => `${name(label)} ${Number(part.toFixed(2))}`).join(', ')
}

/** Removes the normalization: images are shown and measured without it. */
function unnormalized({ normalization: _normalization, ...samples }: Samples): Samples {
  return samples
}

function toColours(values: Float32Array, channels: number): Uint8Array {
  const pixels = new Uint8Array((values.length / channels) * 3)
  for (let pixel = 0; pixel < values.length / channels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = values[pixel * channels + (channels === 1 ? 0 : colour)]!
      pixels[pixel * 3 + colour] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
  return pixels
}
