// The WASM kernels of batch normalization against the formulas of Ioffe and Szegedy in float64.
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSame, Random, sizeOf, startBackends } from './onBackends.ts'

beforeAll(startBackends)

const epsilon = 1e-3

/** Values of a matrix [rows, channels]. */
interface Batch {
  readonly x: Float32Array
  readonly dy: Float32Array
  readonly gamma: Float32Array
  readonly beta: Float32Array
  readonly channels: number
}

/** A random batch whose channels have the given mean and a variance of about 1. */
function randomBatch(rows: number, channels: number, mean: number): Batch {
  const random = new Random(rows * 1000 + channels)
  const normal = () => Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6)
  const draw = (count: number, from: number) => Float32Array.from({ length: count }, () => from + normal())
  const size = rows * channels
  return { x: draw(size, mean), dy: draw(size, 0), gamma: draw(channels, 1), beta: draw(channels, 0), channels }
}

/** The results of both kernels by name. */
type Results = Record<'y' | 'mean' | 'variance' | 'dx' | 'dgamma' | 'dbeta', Float32Array | Float64Array>

/** Runs both kernels on WASM. */
function runKernels({ x, dy, gamma, beta, channels }: Batch): Results {
  tf.engine().startScope()
  try {
    const run = (name: string, inputs: object) => {
      return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, { epsilon }) as tf.Tensor[]
    }
    const given = { x: tf.tensor2d(x, [x.length / channels, channels]), gamma: tf.tensor1d(gamma) }
    const [y, mean, variance, saved] = run('BatchNormTraining', { ...given, beta: tf.tensor1d(beta) })
    const gradients = { ...given, dy: tf.tensor2d(dy, given.x.shape), mean, variance, saved }
    const [dx, dgamma, dbeta] = run('BatchNormTrainingGrad', gradients)
    const results = { y, mean, variance, dx, dgamma, dbeta }
    const read = Object.entries(results).map(([name, tensor]) => [name, tensor!.dataSync()])
    return Object.fromEntries(read) as Results
  } finally {
    tf.engine().endScope()
  }
}

/** The same in float64. */
function compute({ x, dy, gamma, beta, channels }: Batch): Results {
  const rows = x.length / channels
  const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)]
  const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)]
  const [dgamma, dbeta] = [new Float64Array(channels), new Float64Array(channels)]
  for (let c = 0; c < channels; c++) {
    const places = Array.from({ length: rows }, (_, row) => row * channels + c)
    const total = (value: (at: number) => number) => places.reduce((sum, at) => sum + value(at), 0)
    mean[c] = total((at) => x[at]!) / rows
    variance[c] = total((at) => (x[at]! - mean[c]!) ** 2) / rows
    const normalized = (at: number) => (x[at]! - mean[c]!) / Math.sqrt(variance[c]! + epsilon)
    dbeta[c] = total((at) => dy[at]!)
    dgamma[c] = total((at) => dy[at]! * normalized(at))
    for (const at of places) {
      y[at] = normalized(at) * gamma[c]! + beta[c]!
      const change = dy[at]! - dbeta[c]! / rows - (normalized(at) * dgamma[c]!) / rows
      dx[at] = (gamma[c]! / Math.sqrt(variance[c]! + epsilon)) * change
    }
  }
  return { y, mean, variance, dx, dgamma, dbeta }
}

/** The norm of the difference, relative to the norm of the wanted values, or absolute where these are 0. */
function errorOf(got: ArrayLike<number>, want: ArrayLike<number>): number {
  const numbers = Array.from(want)
  const difference = numbers.reduce((sum, value, i) => sum + (got[i]! - value) ** 2, 0)
  return Math.sqrt(difference / (numbers.reduce((sum, value) => sum + value ** 2, 0) || 1))
}

describe('batch normalization in training', () => {
  const cases: { rows: number; channels: number; mean: number; tolerance?: number }[] = [
    ...[1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 100].map((channels) => ({ rows: 7, channels, mean: 1 })),
    { rows: 1, channels: 3, mean: 1 },
    { rows: 128, channels: 3, mean: 1 },
    { rows: 129, channels: 17, mean: 1 },
    { rows: 3000, channels: 17, mean: 1 },
    // float32 has steps of 1e-3 there, so the mean, and with it y, is off by up to half of that.
    { rows: 3000, channels: 19, mean: 1e4, tolerance: 5e-4 },
  ]
  for (const { rows, channels, mean, tolerance = 1e-6 } of cases) {
    it(`of ${rows} x ${channels} values around ${mean}`, () => {
      const batch = randomBatch(rows, channels, mean)
      const [got, want] = [runKernels(batch), compute(batch)]
      for (const name of Object.keys(want) as (keyof Results)[]) {
        expect(errorOf(got[name], want[name]), name).toBeLessThan(tolerance)
      }
    })
  }

  const damaged = [
    { value: NaN, row: 0 },
    { value: Infinity, row: 5 },
    { value: -Infinity, row: 140 },
  ]
  for (const { value, row } of damaged) {
    it(`lets ${value} in row ${row} reach its channel and no other`, () => {
      const [rows, channels] = [150, 21]
      for (const channel of [0, 15, 16, 20]) {
        const batch = randomBatch(rows, channels, 1)
        const whole = runKernels(batch)
        batch.x[row * channels + channel] = value
        const got = runKernels(batch)
        for (const name of Object.keys(got) as (keyof Results)[]) {
          const wrong = got[name].findIndex((number, i) =>
            i % channels === channel && name !== 'dbeta' ? Number.isFinite(number) : number !== whole[name][i],
          )
          expect(wrong, `${name} with ${value} in channel ${channel}`).toBe(-1)
        }
      }
    })
  }
})

describe('batch normalization in prediction, against the cpu backend', () => {
  const cases = [
    { shape: [5, 3] },
    { shape: [2, 3, 3, 16] },
    { shape: [2, 3, 3, 17], hasScale: false },
    { shape: [2, 2, 2, 100], hasOffset: false },
    { shape: [3, 1, 1, 4], hasScale: false, hasOffset: false },
    { shape: [2, 3, 4], parameterShape: [3, 4] },
    { shape: [2, 3, 4], parameterShape: [1] },
  ]
  for (const { shape, parameterShape = [shape.at(-1)!], hasScale = true, hasOffset = true } of cases) {
    it(JSON.stringify({ shape, parameterShape, hasScale, hasOffset }), async () => {
      const random = new Random(sizeOf(shape))
      const x = random.numbers(sizeOf(shape))
      const [mean, offset, scale] = [1, 2, 3].map(() => random.numbers(sizeOf(parameterShape)))
      const variance = mean!.map((value) => value * value)
      await expectSame(() => {
        const parameter = (values: number[] | undefined): tf.Tensor => tf.tensor(values!, parameterShape)
        return tf.batchNorm(
          tf.tensor(x, shape),
          parameter(mean),
          parameter(variance),
          hasOffset ? parameter(offset) : undefined,
          hasScale ? parameter(scale) : undefined,
          epsilon,
        )
      }, 'batchNorm')
    })
  }
})
