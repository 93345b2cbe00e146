import { type Samples } from '../../../src/runtime/data/samples.ts'
import { type SampleStream } from '../../../src/runtime/data/sampleStream.ts'

/** Samples in memory. */
export type InMemory = Samples & { readonly inputs: Uint8Array | Float32Array }

/** The same samples as a stream of which every second batch is late; it gives nothing that was not made ready. */
export function lagging(samples: InMemory): Samples {
  return { ...samples, inputs: new LaggingStream(samples.inputs, samples.inputs.length / samples.count) }
}

class LaggingStream implements SampleStream {
  readonly #rows: Uint8Array | Float32Array
  readonly #size: number
  readonly #ready = new Set<number>()
  #asked = 0

  constructor(rows: Uint8Array | Float32Array, size: number) {
    this.#rows = rows
    this.#size = size
  }

  prepare(order: Int32Array, start: number, end: number): undefined | Promise<void> {
    this.#ready.clear()
    const become = () => {
      for (const number of order.subarray(start, end)) this.#ready.add(number)
    }
    this.#asked++
    if (this.#asked % 2 === 0) return new Promise<void>((resolve) => void setTimeout(resolve, 1)).then(become)
    become()
    return undefined
  }

  sample(number: number): Uint8Array | Float32Array {
    if (!this.#ready.has(number)) throw new RangeError(`sample ${number} was not made ready`)
    return this.#rows.subarray(number * this.#size, (number + 1) * this.#size)
  }

  select(numbers: Int32Array): SampleStream {
    const rows = Uint8Array.from(
      [...numbers].flatMap((number) => [...this.#rows.subarray(number * this.#size, (number + 1) * this.#size)]),
    )
    return new LaggingStream(rows, this.#size)
  }

  release(): void {
    this.#ready.clear()
  }
}
