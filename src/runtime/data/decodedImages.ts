/** Supplies decoded images to batches within a memory limit, decoding ahead of training. */
import { type KnownError, isKnownError, unreadableData } from '../../system/knownError.ts'
import { type SampleStream } from './sampleStream.ts'

/** Image files and how to decode them. */
export interface ImageSource {
  readonly paths: readonly string[]
  /** Bytes of a decoded image. */
  readonly size: number
  /** The limit in bytes for decoded images; a batch always fits. */
  readonly memory: number
  decode(path: string): Promise<Uint8Array>
}

/** A place in memory with an image, or reserved for one that is being decoded. */
interface ImageSlot {
  readonly place: number
  /** The number of times that the image occurs in the range of the order that is being read. */
  uses: number
  state: 'pending' | 'ready' | 'failed'
  failure?: KnownError | string
}

/**
 * Images that are decoded on demand, many at once, in the order in which they will be requested. If memory holds all of
 * them, each is decoded once; otherwise an image is dropped after the range that contains it.
 */
export class DecodedImages implements SampleStream {
  readonly #source: ImageSource
  readonly #slots = new Map<number, ImageSlot>()
  readonly #free: number[] = []
  #pool = new Uint8Array(0)
  /** The number of images that fit in memory. */
  #capacity: number
  #order: Int32Array | undefined
  /** The range of the order that is ready or being read. */
  #start = 0
  #next = 0
  #decoding = 0
  #wake: (() => void) | undefined

  constructor(source: ImageSource) {
    this.#source = source
    this.#capacity = Math.min(source.paths.length, Math.floor(source.memory / source.size))
  }

  prepare(order: Int32Array, start: number, end: number): undefined | Promise<void> {
    if (order !== this.#order || start < this.#start) this.#begin(order, start)
    this.#forgetUntil(start)
    this.#makeRoom(end - start)
    this.#readAhead()
    return this.#findUnready(start, end) === end ? undefined : this.#waitFor(start, end)
  }

  sample(number: number): Uint8Array {
    const slot = this.#slots.get(number)
    if (slot?.state !== 'ready') throw new RangeError(`image ${number} is not ready`)
    const from = slot.place * this.#source.size
    return this.#pool.subarray(from, from + this.#source.size)
  }

  select(numbers: Int32Array): SampleStream {
    const { paths, memory } = this.#source
    const chosen = Array.from(numbers, (number) => paths[number]!)
    return new DecodedImages({ ...this.#source, paths: chosen, memory: (memory * chosen.length) / paths.length })
  }

  release(): void {
    this.#begin(undefined, 0)
  }

  get #keepsAll(): boolean {
    return this.#capacity >= this.#source.paths.length
  }

  #begin(order: Int32Array | undefined, start: number): void {
    if (this.#order) this.#forgetUntil(this.#next)
    this.#order = order
    this.#start = start
    this.#next = start
  }

  /** Frees images that occur only before `end`. */
  #forgetUntil(end: number): void {
    for (; this.#start < end; this.#start++) {
      if (this.#start >= this.#next) continue
      const number = this.#order![this.#start]!
      const slot = this.#slots.get(number)!
      slot.uses--
      if (slot.uses > 0 || this.#keepsAll) continue
      this.#slots.delete(number)
      // A slot that is still decoding is freed on completion.
      if (slot.state !== 'pending') this.#free.push(slot.place)
    }
    this.#next = Math.max(this.#next, this.#start)
  }

  /** Makes room for a batch, even beyond the memory limit. */
  #makeRoom(images: number): void {
    const { size, paths } = this.#source
    this.#capacity = Math.max(this.#capacity, Math.min(images, paths.length))
    if (this.#pool.length >= this.#capacity * size) return
    const before = this.#pool.length / size
    const pool = new Uint8Array(this.#capacity * size)
    pool.set(this.#pool)
    this.#pool = pool
    for (let place = this.#capacity - 1; place >= before; place--) this.#free.push(place)
  }

  #readAhead(): void {
    const order = this.#order ?? new Int32Array(0)
    while (this.#next < order.length && this.#decoding < mostAtOnce) {
      const number = order[this.#next]!
      const known = this.#slots.get(number)
      if (known) known.uses++
      else {
        const place = this.#free.pop()
        if (place === undefined) return
        const slot: ImageSlot = { place, uses: 1, state: 'pending' }
        this.#slots.set(number, slot)
        void this.#read(number, slot)
      }
      this.#next++
    }
  }

  async #read(number: number, slot: ImageSlot): Promise<void> {
    this.#decoding++
    try {
      const pixels = await this.#source.decode(this.#source.paths[number]!)
      this.#pool.set(pixels, slot.place * this.#source.size)
      slot.state = 'ready'
    } catch (error) {
      slot.state = 'failed'
      slot.failure = isKnownError(error, 'data') ? error : describeDamage(error)
    }
    this.#decoding--
    if (this.#slots.get(number) !== slot) this.#free.push(slot.place)
    this.#readAhead()
    this.#wake?.()
  }

  async #waitFor(start: number, end: number): Promise<void> {
    for (let ready = start; ready < end; ready = this.#findUnready(ready, end)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#wake = undefined
  }

  /**
   * Returns the first position of the range whose image is not ready, or `end`.
   *
   * @throws KnownError if an image cannot be read.
   */
  #findUnready(start: number, end: number): number {
    for (let place = start; place < end; place++) {
      const number = this.#order![place]!
      const slot = this.#slots.get(number)
      if (slot?.state === 'failed') throw this.#failureOf(number, slot)
      if (slot?.state !== 'ready') return place
    }
    return end
  }

  #failureOf(number: number, { failure }: ImageSlot): KnownError {
    const failed = [...this.#slots.values()].filter(({ state }) => state === 'failed').length
    const others =
      failed === 1
        ? ''
        : `${failed === 2 ? '1 other image' : `${failed - 1} other images`} read ahead cannot be decoded either. `
    if (isKnownError(failure, 'data')) return unreadableData(failure.message, `${others}${failure.help}`)
    return unreadableData(
      `${this.#source.paths[number]} cannot be decoded: ${failure}.`,
      `${others}Repair or remove it, for example by saving it again with an image editor; \`shapewright check --data\` lists all damaged images.`,
    )
  }
}

/** The last line of libvips's message, if it is informative. */
function describeDamage(error: unknown): string {
  const last = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)
  return last === undefined || /^unknown error/i.test(last) ? 'it is damaged' : last.replace(/\.$/, '')
}

/** The number of images decoded at once: enough for the decoder's threads while this one computes a step. */
const mostAtOnce = 256
