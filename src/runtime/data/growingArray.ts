type NumberArray = Float32Array | Uint8Array | Uint16Array | Int32Array

/** An array of numbers whose length is not known in advance. */
export class GrowingArray<Numbers extends NumberArray> {
  readonly #type: new (length: number) => Numbers
  #numbers: Numbers
  #length = 0

  /** @param capacity The number of values that fit without growing. */
  constructor(type: new (length: number) => Numbers, capacity: number) {
    this.#type = type
    this.#numbers = new type(capacity)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new this.#type(Math.ceil(1.5 * this.#length) + 16)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#length++] = value
  }

  /** The numbers; shares memory with this. */
  toArray(): Numbers {
    return this.#numbers.subarray(0, this.#length) as Numbers
  }
}
