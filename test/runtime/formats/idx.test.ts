import { describe, expect, it } from 'vitest'
import { readIdx } from '../../../src/runtime/formats/idx.ts'

describe('readIdx', () => {
  it.each([
    [[0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9], [3], [7, 8, 9]],
    [
      [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6],
      [2, 1],
      [5, 6],
    ],
    [[0, 0, 8, 1, 0, 0, 0, 0], [0], []],
  ])('reads %j', (bytes, shape, data) => {
    const array = readIdx(Uint8Array.from(bytes), 'file', 'help')
    expect(array.shape).toEqual(shape)
    expect([...array.data]).toEqual(data)
  })

  it('reads bytes that begin within a larger buffer', () => {
    const buffer = Uint8Array.from([99, 99, 0, 0, 8, 1, 0, 0, 0, 1, 5])
    expect([...readIdx(buffer.subarray(2), 'file', 'help').data]).toEqual([5])
  })

  it.each([
    ['an empty file', [], 'does not start with two zero bytes'],
    ['a gzip file', [0x1f, 0x8b, 8, 0], 'does not start with two zero bytes'],
    ['floats', [0, 0, 13, 1, 0, 0, 0, 0], 'type 13'],
    ['no dimensions', [0, 0, 8, 0], 'its header is incomplete'],
    ['a cut header', [0, 0, 8, 2, 0, 0, 0, 1], 'its header is incomplete'],
    ['too few elements', [0, 0, 8, 1, 0, 0, 0, 3, 7, 8], '3 = 3 elements, but 2 follow'],
    ['too many elements', [0, 0, 8, 1, 0, 0, 0, 1, 7, 8], '1 = 1 elements, but 2 follow'],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => readIdx(Uint8Array.from(bytes), 'the-file', 'do this')).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^data\//),
        message: expect.stringMatching(`the-file .*${message}`),
        help: 'do this',
      }),
    )
  })
})
