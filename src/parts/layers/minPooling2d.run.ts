import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessing.run.ts'

export type PoolingOptions = FactoryOptions<typeof tf.layers.maxPooling2d>

/** The minimum of each window, with the options of tf.layers.maxPooling2d; tf.layers has no such layer. */
export function minPooling2dLayer(options: PoolingOptions): tf.layers.Layer {
  tf.serialization.registerClass(MinPooling2D)
  return new MinPooling2D(options)
}

/** Computes -maxPooling(-x), so the padding of `same` is never the minimum. It is saved with its own class name. */
class MinPooling2D extends tf.layers.Layer {
  static readonly className = 'MinPooling2D'
  readonly #largest: tf.layers.Layer

  constructor(options: PoolingOptions) {
    super(options as ConstructorParameters<typeof tf.layers.Layer>[0])
    this.#largest = tf.layers.maxPooling2d({ ...options, name: this.name })
    this.inputSpec = this.#largest.inputSpec
  }

  override computeOutputShape(inputShape: Parameters<tf.layers.Layer['computeOutputShape']>[0]) {
    return this.#largest.computeOutputShape(inputShape)
  }

  override call(tensors: tf.Tensor | tf.Tensor[], settings: Parameters<tf.layers.Layer['call']>[1]): tf.Tensor {
    const values = Array.isArray(tensors) ? tensors[0]! : tensors
    return tf.tidy(() => (this.#largest.call(values.neg(), settings) as tf.Tensor).neg())
  }

  override getConfig() {
    return { ...this.#largest.getConfig(), ...super.getConfig() }
  }
}
