import { describe, expect, it } from 'vitest'
import { DecodedImages } from '../../../src/runtime/data/decodedImages.ts'
import { sequentialIndices, shuffledIndices } from '../../../src/script/random.ts'

/** Twenty images of two bytes: their number, and the number again. What is decoded is noted. */
function images({ memory = 1000, fails = [] as number[] } = {}) {
  const decoded: number[] = []
  const stream = new DecodedImages({
    paths: Array.from({ length: 20 }, (_, number) => String(number)),
    size: 2,
    memory,
    decode: async (path) => {
      const number = Number(path)
      decoded.push(number)
      await new Promise((resolve) => void setTimeout(resolve, number % 3))
      if (fails.includes(number)) throw new Error('first line\nit is damaged')
      return Uint8Array.of(number, number)
    },
  })
  return { stream, decoded }
}

/** Reads all of an order in batches, and returns the first byte of each sample. */
async function readAll(stream: DecodedImages, order: Int32Array, batch: number): Promise<number[]> {
  const read: number[] = []
  for (let start = 0; start < order.length; start += batch) {
    const end = Math.min(start + batch, order.length)
    await stream.prepare(order, start, end)
    for (const number of order.subarray(start, end)) {
      const [one, two] = stream.sample(number)
      expect(two).toBe(one)
      read.push(one!)
    }
  }
  return read
}

describe('DecodedImages', () => {
  it.each([
    ['all fit', 1000],
    ['some fit', 14],
    ['a batch fits', 8],
    ['nothing fits', 0],
  ])('returns the requested images in each epoch: %s', async (_name, memory) => {
    const { stream } = images({ memory })
    for (const epoch of [1, 2, 3]) {
      const order = shuffledIndices(20, 1, epoch)
      expect(await readAll(stream, order, 4)).toEqual([...order])
    }
  })

  it('decodes each image once if all fit, and then returns them without a promise', async () => {
    const { stream, decoded } = images()
    await readAll(stream, sequentialIndices(20), 4)
    stream.release()
    const again = shuffledIndices(20, 1, 1)
    expect(stream.prepare(again, 0, 20)).toBeUndefined()
    expect(decoded.toSorted((a, b) => a - b)).toEqual([...sequentialIndices(20)])
  })

  it('reads ahead as far as memory reaches, and no further', async () => {
    const { stream, decoded } = images({ memory: 14 })
    const order = shuffledIndices(20, 1, 1)
    await stream.prepare(order, 0, 4)
    await new Promise((resolve) => void setTimeout(resolve, 20))
    expect(decoded).toEqual([...order.subarray(0, 7)])
    expect(stream.prepare(order, 4, 6)).toBeUndefined()
    expect(decoded).toEqual([...order.subarray(0, 11)])
    expect(() => stream.sample(order[0]!)).toThrow(RangeError)
  })

  it('starts in the middle of an order for a resumed run', async () => {
    const { stream, decoded } = images({ memory: 8 })
    await stream.prepare(sequentialIndices(20), 12, 14)
    expect(decoded.slice(0, 4)).toEqual([12, 13, 14, 15])
    expect([...stream.sample(13)]).toEqual([13, 13])
  })

  it('gives an image as often as the order has it', async () => {
    const { stream } = images({ memory: 8 })
    const order = Int32Array.of(3, 3, 5, 3, 7, 5, 3, 9, 9)
    expect(await readAll(stream, order, 2)).toEqual([...order])
  })

  it('discards what it was reading when it starts again', async () => {
    const { stream } = images({ memory: 8 })
    void stream.prepare(sequentialIndices(20), 0, 4)
    stream.release()
    void stream.prepare(shuffledIndices(20, 1, 1), 0, 4)
    const order = shuffledIndices(20, 1, 2)
    expect(await readAll(stream, order, 4)).toEqual([...order])
  })

  it('has streams of a part of the images', async () => {
    const { stream } = images()
    const part = stream.select(Int32Array.of(4, 19, 2))
    await part.prepare(Int32Array.of(1, 0), 0, 2)
    expect([part.sample(0)[0], part.sample(1)[0]]).toEqual([4, 19])
  })

  it('fails at the batch with an image that cannot be decoded, and reports others', async () => {
    const { stream } = images({ fails: [5, 6, 9] })
    const order = sequentialIndices(20)
    await stream.prepare(order, 0, 4)
    await expect(async () => await stream.prepare(order, 4, 8)).rejects.toThrow(
      expect.objectContaining({ code: 'data/unreadable' }),
    )
    await new Promise((resolve) => void setTimeout(resolve, 20))
    await expect(async () => await stream.prepare(order, 4, 8)).rejects.toMatchObject({
      message: '5 cannot be decoded: it is damaged.',
      help: expect.stringContaining('2 other images read ahead cannot be decoded either.') as string,
    })
  })
})
