/** Random numbers on the engine, drawn from the seed of a step. */
import * as tf from '@tensorflow/tfjs'
import { createRandom, mixSeed } from './random.ts'

/**
 * The random numbers of one part of a network in a step. They depend only on a seed on the engine: if the seed is an input
 * of a recorded step, each replay draws new numbers.
 */
export class Draws {
  readonly #seed: tf.Scalar | number
  readonly #part: number
  #uses = 0

  /**
   * @param seed An int32 tensor, or a number if the step is not recorded.
   * @param part Distinguishes parts that share a seed.
   */
  constructor(seed: tf.Scalar | number, part = 0) {
    this.#seed = seed
    this.#part = part
  }

  /** Draws float32 values, uniform in [0, 1). */
  uniform(shape: readonly number[]): tf.Tensor {
    return this.#draw({ shape, distribution: 'uniform' })
  }

  /** Draws normally distributed float32 values. */
  normal(shape: readonly number[], mean: number, deviation: number): tf.Tensor {
    return this.#draw({ shape, distribution: 'normal', mean, deviation })
  }

  /** Dropout: sets the fraction `rate` of the values to 0 and divides the others by 1 - rate. */
  drop(values: tf.Tensor, rate: number, noiseShape: readonly number[] = values.shape): tf.Tensor {
    return tf.mul(values, this.#draw({ shape: noiseShape, distribution: 'kept', rate }))
  }

  /** Draws one number outside the engine: a step that depends on it cannot be replayed. */
  number(): number {
    const seed = typeof this.#seed === 'number' ? this.#seed : this.#seed.dataSync()[0]!
    return createRandom(mixSeed(seed, this.#part, this.#uses++))()
  }

  #draw(attrs: Record<string, unknown>): tf.Tensor {
    registerDraw()
    const seed = typeof this.#seed === 'number' ? tf.scalar(this.#seed | 0, 'int32') : this.#seed
    const place = mixSeed(this.#part, this.#uses++)
    return tf.engine().runKernel('SeededDraw', { seed }, { ...attrs, place } as tf.NamedAttrMap) as tf.Tensor
  }
}

/**
 * The int32 seed of all random numbers of a step. The caller disposes it.
 *
 * @param step The number of the step, counted over all epochs.
 */
export function seedOfStep(seed: number, step: number): tf.Scalar {
  return tf.scalar(mixSeed(seed, step) | 0, 'int32')
}

/** Registers the kernel `SeededDraw` with the backend in use. Idempotent. */
function registerDraw(): void {
  const backendName = tf.getBackend()
  if (tf.getKernel('SeededDraw', backendName)) return
  tf.registerKernel({ kernelName: 'SeededDraw', backendName, kernelFunc: drawNumbers })
}

/** The attributes of the kernel. */
interface DrawAttrs {
  readonly shape: number[]
  readonly distribution: 'uniform' | 'normal' | 'kept'
  /** Identifies the draw in the step. */
  readonly place: number
  readonly mean?: number
  readonly deviation?: number
  readonly rate?: number
}

/** The methods by which values are read from and written to a backend; tf.KernelBackend declares other types. */
interface DrawingBackend {
  readSync(dataId: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): object
}

function drawNumbers({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const store = backend as unknown as DrawingBackend
  const { shape, place, ...distribution } = attrs as unknown as DrawAttrs
  const seed = store.readSync(inputs['seed']!.dataId)[0] as number
  const values = new Float32Array(tf.util.sizeFromShape(shape))
  const state = mixSeed(seed, place)
  if (distribution.distribution === 'kept') fillWithKept(values, state, distribution.rate!)
  else fillWith(values, createRandom(state), distribution)
  return { dataId: store.write(values, shape, 'float32'), shape, dtype: 'float32' }
}

/**
 * Fills `values` with 1 / (1 - rate), or with 0 for the fraction `rate` of them. The generator is that of `createRandom`,
 * written out: a call for each value takes 2.5 times as long, which is several percent of a training step.
 */
function fillWithKept(values: Float32Array, seed: number, rate: number): void {
  const kept = 1 / (1 - rate)
  // 24 bits, as in `fillWith`.
  const least = Math.ceil(rate * 0x100_0000)
  let state = seed | 0
  for (let index = 0; index < values.length; index++) {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    values[index] = (bits ^ (bits >>> 14)) >>> 8 >= least ? kept : 0
  }
}

function fillWith(
  values: Float32Array,
  random: () => number,
  { distribution, mean = 0, deviation = 1 }: Pick<DrawAttrs, 'distribution' | 'mean' | 'deviation'>,
): void {
  // 24 bits, so float32 never rounds up to 1.
  const draw = (): number => Math.floor(random() * 0x100_0000) / 0x100_0000
  for (let index = 0; index < values.length; index++) {
    if (distribution === 'uniform') values[index] = draw()
    // Box and Muller, 1958.
    else values[index] = mean + deviation * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  }
}
