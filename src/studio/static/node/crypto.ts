/** Takes the place of `node:crypto` in the workers of the static page: SHA-256, which browsers offer only as a promise. */

export const randomUUID = (): string => crypto.randomUUID()

export const randomBytes = (count: number): Buffer => Buffer.from(crypto.getRandomValues(new Uint8Array(count)))

/** @param name `sha256`; no other digest is computed here. */
export function createHash(name: string): Hash {
  if (name !== 'sha256') throw new RangeError(`there is no ${name} here`)
  return new Hash()
}

/** The cube roots of the first 64 primes and the square roots of the first 8: 32 bits of their fractions (FIPS 180-4). */
const primes = Array.from({ length: 312 }, (_, index) => index).filter(isPrime)
const fractionOf = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0
const constants = Int32Array.from(primes.slice(0, 64), (prime) => fractionOf(Math.cbrt(prime)))
const start = Int32Array.from(primes.slice(0, 8), (prime) => fractionOf(Math.sqrt(prime)))

function isPrime(value: number): boolean {
  if (value < 2) return false
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false
  return true
}

export class Hash {
  readonly #state = start.slice()
  readonly #block = new Uint8Array(64)
  readonly #words = new Int32Array(64)
  #filled = 0
  #length = 0

  update(content: string | ArrayBufferView): this {
    const bytes =
      typeof content === 'string'
        ? new TextEncoder().encode(content)
        : new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    this.#length += bytes.length
    let at = 0
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + 64 - this.#filled)
      this.#block.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled === 64) this.#compress()
    }
    return this
  }

  copy(): Hash {
    const copy = new Hash()
    copy.#state.set(this.#state)
    copy.#block.set(this.#block)
    copy.#filled = this.#filled
    copy.#length = this.#length
    return copy
  }

  digest(encoding?: 'hex' | 'base64'): string | Buffer {
    const bits = this.#length * 8
    const zeros = (119 - (this.#length % 64)) % 64
    const end = new Uint8Array(1 + zeros + 8)
    end[0] = 0x80
    const view = new DataView(end.buffer)
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32))
    view.setUint32(end.length - 4, bits >>> 0)
    this.update(end)
    const digest = Buffer.alloc(32)
    for (const [index, word] of this.#state.entries()) digest.writeInt32BE(word, index * 4)
    return encoding === undefined ? digest : digest.toString(encoding)
  }

  #compress(): void {
    const words = this.#words
    const view = new DataView(this.#block.buffer)
    for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(t * 4)
    for (let t = 16; t < 64; t += 1) {
      const [near, far] = [words[t - 2]!, words[t - 15]!]
      const s1 = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)
      const s0 = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)
      words[t] = (s1 + words[t - 7]! + s0 + words[t - 16]!) | 0
    }
    let [a, b, c, d, e, f, g, h] = this.#state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    for (let t = 0; t < 64; t += 1) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const first = (h + s1 + ((e & f) ^ (~e & g)) + constants[t]! + words[t]!) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    const added = [a, b, c, d, e, f, g, h]
    for (const [index, value] of added.entries()) this.#state[index] = (this.#state[index]! + value) | 0
    this.#filled = 0
  }
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits))
}
