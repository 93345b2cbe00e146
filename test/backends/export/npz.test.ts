import { fromBuffer } from 'yauzl'
import { expect, it } from 'vitest'
import { encodeNpy, encodeNpz } from '../../../src/tasks/export/npz.ts'

it.each([
  {
    shape: [2, 3],
    values: Float32Array.of(1, 2, 3, 4, 5, 6),
    header: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
  },
  { shape: [2], values: Int32Array.of(-1, 7), header: "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }" },
  { shape: [], values: Float32Array.of(0.5), header: "{'descr': '<f4', 'fortran_order': False, 'shape': (), }" },
])('writes $header and then the numbers', ({ shape, values, header }) => {
  const bytes = encodeNpy({ shape, values })
  const length = bytes.readUInt16LE(8)
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00')
  expect((10 + length) % 64).toBe(0)
  expect(bytes.subarray(10, 10 + length).toString('latin1')).toMatch(/^\{.*\} *\n$/)
  expect(
    bytes
      .subarray(10, 10 + length)
      .toString('latin1')
      .trimEnd(),
  ).toBe(header)
  expect([...bytes.subarray(10 + length)]).toEqual([...new Uint8Array(values.buffer)])
})

it('writes an archive of them, the same one each time', async () => {
  const arrays = [
    { name: 'dense/0', shape: [2], values: Float32Array.of(1, 2) },
    { name: 'dense/1', shape: [1], values: Float32Array.of(3) },
  ]
  const first = Buffer.concat(await encodeNpz(arrays, 'mine'))
  expect(Buffer.concat(await encodeNpz(arrays, 'mine')).equals(first)).toBe(true)
  expect(await listZip(first)).toEqual(['dense/0.npy', 'dense/1.npy'])
})

function listZip(bytes: Buffer): Promise<string[]> {
  return new Promise((done, fail) => {
    fromBuffer(bytes, { lazyEntries: false }, (error, archive) => {
      if (error) return fail(error)
      const names: string[] = []
      archive.on('entry', ({ fileName }: { fileName: string }) => names.push(fileName))
      archive.on('end', () => done(names))
    })
  })
}
