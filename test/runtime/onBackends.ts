// Runs the same computation on two backends of TensorFlow.js, and makes random cases that are the same in every run.
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'

/** A tensor's shape and numbers, taken off its backend. */
export interface Numbers {
  readonly shape: number[]
  readonly values: number[]
}

/** Starts the WASM backend with the training kernels, and the CPU backend. */
export async function startBackends(): Promise<void> {
  await startWasmEngine()
}

/** What `compute` gives on a backend. `compute` makes its own tensors, there. */
export async function on(backend: 'cpu' | 'wasm', compute: () => tf.Tensor | tf.Tensor[]): Promise<Numbers[]> {
  await tf.setBackend(backend)
  const tensors = tf.tidy(compute)
  const list = Array.isArray(tensors) ? tensors : [tensors]
  const numbers = list.map((tensor) => ({ shape: tensor.shape, values: Array.from(tensor.dataSync()) }))
  tf.dispose(list)
  return numbers
}

/** Expects the same from both backends, but for rounding: within `tolerance` of the larger of 1 and the CPU's number. */
export async function expectSame(
  compute: () => tf.Tensor | tf.Tensor[],
  what: string,
  tolerance = 1e-4,
): Promise<void> {
  const want = await on('cpu', compute)
  const got = await on('wasm', compute)
  got.forEach((numbers, i) => expectClose(numbers, want[i]!, `${what}, result ${i}`, tolerance))
}

export function expectClose(got: Numbers, want: Numbers, what: string, tolerance = 1e-4): void {
  expect(got.shape, `shape of ${what}`).toEqual(want.shape)
  const wrong = got.values.findIndex((value, i) => {
    const wanted = want.values[i]!
    if (Number.isNaN(wanted)) return !Number.isNaN(value)
    return !(Object.is(value, wanted) || Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)))
  })
  if (wrong >= 0) {
    expect.fail(`${what}: [${wrong}] is ${got.values[wrong]}, want ${want.values[wrong]} (${got.shape.join('x')})`)
  }
}

/** Seeded random numbers (mulberry32). */
export class Random {
  private state: number
  constructor(seed: number) {
    this.state = seed
  }

  /** At least 0, below 1. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.uniform() * (most - least + 1))
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)]!
  }

  /** Numbers from -1 to 1, representable as float32. */
  numbers(count: number): number[] {
    return Array.from({ length: count }, () => Math.fround(this.uniform() * 2 - 1))
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
