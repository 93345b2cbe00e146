import { createRandom, mixSeed } from '../../script/random.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** What is to be made up. */
export interface SyntheticOptions {
  /** Of one sample. */
  readonly shape: readonly number[]
  /** How many classes there are; without it, labels are values. */
  readonly classes?: number
  readonly train: number
  readonly test: number
  /** How far samples are from the centre of their class, in standard deviations of the values of the centres. */
  readonly noise: number
  readonly seed: number
}

/**
 * Samples that are made up, to try things out. Each class has a centre: of images three soft blobs at places of its own,
 * of anything else random values; its samples are the centre with noise. Values to learn are the hyperbolic
 * tangent of a weighted sum of the inputs. Equal options give equal samples, and the test samples do not depend on how many there are to train.
 */
export async function readSynthetic(options: SyntheticOptions): Promise<Data> {
  const { train, test } = options
  return { train: madeUpSamples(options, train, 1), ...(test > 0 && { test: madeUpSamples(options, test, 2) }) }
}

function madeUpSamples({ shape, classes, noise, seed }: SyntheticOptions, count: number, split: number): Samples {
  const size = shape.reduce((product, length) => product * length, 1)
  const centres = Array.from({ length: classes ?? 1 }, (_, label) => madeUpCentre(shape, mixSeed(seed, label)))
  const random = createRandom(mixSeed(seed, -split))
  const inputs = new Float32Array(count * size)
  const labels = classes === undefined ? new Float32Array(count) : new Int32Array(count)
  for (let sample = 0; sample < count; sample++) {
    const label = classes === undefined ? 0 : Math.floor(random() * classes)
    const centre = centres[label]!
    let sum = 0
    for (let element = 0; element < size; element++) {
      const drawn = drawNormal(random)
      inputs[sample * size + element] = classes === undefined ? drawn : centre[element]! + noise * drawn
      sum += drawn * centre[element]!
    }
    // The weighted sum has the size of a single input, whatever their number.
    labels[sample] = classes === undefined ? Math.tanh(sum / Math.sqrt(size)) + noise * drawNormal(random) : label
  }
  return { inputs, sampleShape: shape, scale: 1, labels, count }
}

/** Values of about unit variance. */
function madeUpCentre(shape: readonly number[], seed: number): Float32Array {
  const random = createRandom(seed)
  const size = shape.reduce((product, length) => product * length, 1)
  const centre = new Float32Array(size)
  const [height = 1, width = 1, channels = 1] = shape
  if (shape.length !== 3) return centre.map(() => drawNormal(random))
  for (let blob = 0; blob < 3; blob++) {
    const [row, column, reach] = [random() * height, random() * width, (0.1 + 0.1 * random()) * Math.min(height, width)]
    const strengths = Array.from({ length: channels }, () => 1 + random())
    for (let element = 0; element < size; element++) {
      const pixel = Math.floor(element / channels)
      const distance = Math.hypot(Math.floor(pixel / width) - row, (pixel % width) - column) / Math.max(reach, 0.5)
      centre[element]! += strengths[element % channels]! * Math.exp(-(distance ** 2) / 2)
    }
  }
  return centre
}

/** A normally distributed number (Box and Muller, 1958). */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
