import { describe, expect, it } from 'vitest'
import { readNpy, readNpyHeader } from '../../../src/runtime/formats/npy.ts'
import { bytesOf, writeNpy } from './npyFixture.ts'

describe('readNpy', () => {
  it.each<[string, NodeJS.TypedArray, readonly number[]]>([
    ['|u1', Uint8Array.of(1, 255), [1, 255]],
    ['|b1', Uint8Array.of(0, 1), [0, 1]],
    ['|i1', Int8Array.of(-1, 2), [-1, 2]],
    ['<u2', Uint16Array.of(1, 65535), [1, 65535]],
    ['<i4', Int32Array.of(-7, 8), [-7, 8]],
    ['<i8', BigInt64Array.of(-7n, 8n), [-7, 8]],
    ['<f4', Float32Array.of(0.5, -2), [0.5, -2]],
    ['<f8', Float64Array.of(0.25, 1e10), [0.25, 1e10]],
  ])('reads %s', (dtype, data, want) => {
    const array = readNpy(writeNpy(dtype, [2], bytesOf(data)), 'file')
    expect([array.shape, [...array.data]]).toEqual([[2], want])
  })

  it('reads numbers of the other byte order, and shapes of any rank', () => {
    const bytes = Buffer.alloc(8)
    bytes.writeFloatBE(1.5)
    bytes.writeFloatBE(-3, 4)
    expect([...readNpy(writeNpy('>f4', [2, 1], bytes), 'file').data]).toEqual([1.5, -3])
    expect(readNpyHeader(writeNpy('<f4', [], new Uint8Array(4)), 'file').shape).toEqual([])
    expect(readNpyHeader(writeNpy('|u1', [3, 28, 28], new Uint8Array(0)), 'file')).toMatchObject({
      shape: [3, 28, 28],
      dtype: '|u1',
    })
  })

  it.each([
    ['something else', Buffer.from('hello, this is text'), 'is not an NPY file'],
    ['an empty file', Buffer.alloc(0), 'is not an NPY file'],
    ['a cut header', writeNpy('|u1', [1], Uint8Array.of(1)).subarray(0, 40), 'header cannot be read'],
    ['too few elements', writeNpy('<f4', [2], new Uint8Array(4)), 'declares 2 elements of 4 bytes, but 4 bytes follow'],
    ['columns first', writeNpy('<f4', [1, 1], new Uint8Array(4), 'True'), 'stored in column-major order'],
    ['complex numbers', writeNpy('<c8', [1], new Uint8Array(8)), 'elements of the type <c8'],
    ['objects', writeNpy('|O', [1], new Uint8Array(8)), 'elements of the type |O'],
    ['half floats', writeNpy('<f2', [1], new Uint8Array(2)), 'elements of the type <f2'],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => readNpy(bytes, 'the-file')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^data\//), message: expect.stringContaining(message) }),
    )
  })
})
