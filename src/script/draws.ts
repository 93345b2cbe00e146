import * as tf from '@tensorflow/tfjs'
import { createRandom, mixSeed } from './random.ts'

/**
 * What one part of a network draws in a step. All of it follows from a seed on the engine: where the seed is an input of a
 * recorded step, the step draws anew whenever it is repeated.
 */
export class Draws {
  readonly #seed: tf.Scalar | number
  readonly #part: number
  #uses = 0

  /**
   * @param seed int32, or a number where nothing is recorded.
   * @param part Tells those apart who share a seed.
   */
  constructor(seed: tf.Scalar | number, part = 0) {
    this.#seed = seed
    this.#part = part
  }

  /** float32, uniform in [0, 1). */
  uniform(shape: readonly number[]): tf.Tensor {
    return this.#draw({ shape, distribution: 'uniform' })
  }

  /** float32, normal. */
  normal(shape: readonly number[], mean: number, deviation: number): tf.Tensor {
    return this.#draw({ shape, distribution: 'normal', mean, deviation })
  }

  /** The values with a part of them, `rate`, set to zero and the others divided by what is kept. */
  drop(values: tf.Tensor, rate: number, noiseShape: readonly number[] = values.shape): tf.Tensor {
    return tf.mul(values, this.#draw({ shape: noiseShape, distribution: 'kept', rate }))
  }

  /** One number, off the engine: what depends on it cannot be repeated by a record. */
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
 * The seed of all that a step draws, int32; whoever takes it disposes it.
 *
 * @param step Counts over all epochs.
 */
export function seedOfStep(seed: number, step: number): tf.Scalar {
  return tf.scalar(mixSeed(seed, step) | 0, 'int32')
}

/** Gives the backend in use the kernel `SeededDraw`; a second call changes nothing. */
function registerDraw(): void {
  const backendName = tf.getBackend()
  if (tf.getKernel('SeededDraw', backendName)) return
  tf.registerKernel({ kernelName: 'SeededDraw', backendName, kernelFunc: drawNumbers })
}

/** What the kernel is told. */
interface DrawAttrs {
  readonly shape: number[]
  readonly distribution: 'uniform' | 'normal' | 'kept'
  /** Which draw of the step it is. */
  readonly place: number
  readonly mean?: number
  readonly deviation?: number
  readonly rate?: number
}

/** The parts of a backend that taking numbers off it and putting them there takes; the types of tf.KernelBackend are for others. */
interface DrawingBackend {
  readSync(dataId: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): object
}

function drawNumbers({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const store = backend as unknown as DrawingBackend
  const { shape, place, ...distribution } = attrs as unknown as DrawAttrs
  const seed = store.readSync(inputs['seed']!.dataId)[0] as number
  const values = new Float32Array(tf.util.sizeFromShape(shape))
  fillWith(values, createRandom(mixSeed(seed, place)), distribution)
  return { dataId: store.write(values, shape, 'float32'), shape, dtype: 'float32' }
}

function fillWith(
  values: Float32Array,
  random: () => number,
  { distribution, mean = 0, deviation = 1, rate = 0 }: Omit<DrawAttrs, 'shape' | 'place'>,
): void {
  // 24 bits, so that none is rounded up to 1.
  const draw = (): number => Math.floor(random() * 0x100_0000) / 0x100_0000
  const kept = 1 / (1 - rate)
  for (let index = 0; index < values.length; index++) {
    if (distribution === 'kept') values[index] = draw() >= rate ? kept : 0
    else if (distribution === 'uniform') values[index] = draw()
    // Box and Muller, 1958.
    else values[index] = mean + deviation * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  }
}
