/** Normalizes inputs, channel by channel. */

export interface ChannelStatistics {
  mean: readonly number[]
  std: readonly number[]
}

/** Replaces values by (value - mean) / std of their channel; the channels of a position are side by side. */
export function normalizeChannels(inputs: Float32Array, { mean, std }: ChannelStatistics): void {
  for (const [channel, middle] of mean.entries()) {
    for (let i = channel; i < inputs.length; i += mean.length) inputs[i] = (inputs[i]! - middle) / std[channel]!
  }
}

/** Sums values and squares relative to each channel's first value, so values far from 0 lose no precision. */
export class ChannelSums {
  readonly #sums: Float64Array
  readonly #squares: Float64Array
  #origins: Float32Array | undefined
  #count = 0

  constructor(channels: number) {
    this.#sums = new Float64Array(channels)
    this.#squares = new Float64Array(channels)
  }

  add(inputs: Float32Array): void {
    const channels = this.#sums.length
    this.#origins ??= inputs.slice(0, channels)
    for (let i = 0; i < inputs.length; i++) {
      const value = inputs[i]! - this.#origins[i % channels]!
      this.#sums[i % channels]! += value
      this.#squares[i % channels]! += value * value
    }
    this.#count += inputs.length / channels
  }

  /** The statistics so far; std is 1 for a constant channel. */
  result(): ChannelStatistics {
    const shifts = Array.from(this.#sums, (sum) => sum / this.#count)
    const variances = Array.from(this.#squares, (sum, channel) => sum / this.#count - shifts[channel]! ** 2)
    const mean = shifts.map((shift, channel) => (this.#origins?.[channel] ?? 0) + shift)
    return { mean, std: variances.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : 1)) }
  }
}
