/** Generates synthetic samples. */
import { createRandom, mixSeed } from '../../script/random.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** The options of a synthetic dataset. */
export interface SyntheticOptions {
  /** The shape of one sample. */
  readonly shape: readonly number[]
  /** The number of classes; without it, labels are values. */
  readonly classes?: number
  readonly train: number
  readonly test: number
  /** The distance of samples from the center of their class, in standard deviations of the centers' values. */
  readonly noise: number
  readonly seed: number
}

/**
 * Generates samples for experiments. Each class has a center: three soft blobs for images, random values for other shapes;
 * its samples are the center plus noise. Labels that are values are the hyperbolic tangent of a weighted sum of the inputs.
 * Equal options give equal samples, and the test samples do not depend on the number of training samples.
 */
export async function readSynthetic(options: SyntheticOptions): Promise<Data> {
  const test = options.test > 0 ? madeUpSamples(options, options.test, 2) : undefined
  return { train: madeUpSamples(options, options.train, 1), ...(test && { test }) }
}

function madeUpSamples({ shape, classes, noise, seed }: SyntheticOptions, count: number, split: number): Samples {
  const size = shape.reduce((product, length) => product * length, 1)
  const centers = Array.from({ length: classes ?? 1 }, (_, label) => madeUpCenter(shape, mixSeed(seed, label)))
  const random = createRandom(mixSeed(seed, -split))
  const inputs = new Float32Array(count * size)
  const labels = classes === undefined ? new Float32Array(count) : new Int32Array(count)
  for (let sample = 0; sample < count; sample++) {
    const label = classes === undefined ? 0 : Math.floor(random() * classes)
    const center = centers[label]!
    let sum = 0
    for (let element = 0; element < size; element++) {
      const drawn = drawNormal(random)
      inputs[sample * size + element] = classes === undefined ? drawn : center[element]! + noise * drawn
      sum += drawn * center[element]!
    }
    // Divided by sqrt(size), the weighted sum has the variance of a single input.
    labels[sample] = classes === undefined ? Math.tanh(sum / Math.sqrt(size)) + noise * drawNormal(random) : label
  }
  return { inputs, sampleShape: shape, scale: 1, labels, count }
}

/** Draws a center with values of about unit variance. */
function madeUpCenter(shape: readonly number[], seed: number): Float32Array {
  const random = createRandom(seed)
  const size = shape.reduce((product, length) => product * length, 1)
  const center = new Float32Array(size)
  const [height = 1, width = 1, channels = 1] = shape
  if (shape.length !== 3) return center.map(() => drawNormal(random))
  for (let blob = 0; blob < 3; blob++) {
    const [row, column, reach] = [random() * height, random() * width, (0.1 + 0.1 * random()) * Math.min(height, width)]
    const strengths = Array.from({ length: channels }, () => 1 + random())
    for (let element = 0; element < size; element++) {
      const pixel = Math.floor(element / channels)
      const distance = Math.hypot(Math.floor(pixel / width) - row, (pixel % width) - column) / Math.max(reach, 0.5)
      center[element]! += strengths[element % channels]! * Math.exp(-(distance ** 2) / 2)
    }
  }
  return center
}

/** Draws a normally distributed number (Box and Muller, 1958). */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
