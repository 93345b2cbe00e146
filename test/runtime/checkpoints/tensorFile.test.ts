import { describe, expect, it } from 'vitest'
import {
  DamagedFileError,
  decodeTensorFile,
  encodeTensorFile,
  type TensorFile,
} from '../../../src/runtime/runs/tensorFile.ts'

const file: TensorFile = {
  metadata: { format: 'test', state: '{"ä":"\\n"}' },
  tensors: [
    { name: 'bytes', shape: [3], values: Uint8Array.of(1, 2, 255) },
    { name: 'kernel', shape: [2, 2], values: Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY) },
    { name: 'none', shape: [0], values: new Float32Array() },
    { name: 'sums', shape: [2], values: Float64Array.of(Math.PI, 5e-324) },
    { name: 'steps', shape: [], values: Int32Array.of(-7) },
  ],
}
const bytes = new Uint8Array(Buffer.concat(encodeTensorFile(file)))

describe('a tensor file', () => {
  it('returns its tensors bit for bit', () => {
    const read = decodeTensorFile(bytes)
    expect(read.metadata).toEqual(file.metadata)
    const byName = (tensors: TensorFile['tensors']) => tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const [given, found] = [byName(file.tensors), byName(read.tensors)]
    expect(found.map(({ name, shape }) => [name, shape])).toEqual(given.map(({ name, shape }) => [name, shape]))
    for (const [index, { values }] of given.entries()) {
      expect(found[index]!.values.constructor).toBe(values.constructor)
      expect(Buffer.from(found[index]!.values.buffer)).toEqual(Buffer.from(values.buffer))
    }
  })

  it('is safetensors: a header of its length, offsets that leave no hole', () => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<string, unknown>
    expect(length % 8).toBe(0)
    expect(header['__metadata__']).toEqual(file.metadata)
    expect(header['kernel']).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [16, 32] })
    expect(header['sums']).toMatchObject({ dtype: 'F64', data_offsets: [0, 16] })
    const offsets = Object.values(header).flatMap((entry) =>
      'data_offsets' in (entry as object) ? [(entry as { data_offsets: [number, number] }).data_offsets] : [],
    )
    const ordered = offsets.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
    for (const [index, [from]] of ordered.entries()) expect(from).toBe(index === 0 ? 0 : ordered[index - 1]![1])
    expect(ordered.at(-1)![1]).toBe(bytes.length - 8 - length)
  })

  it.each([
    ['a bit that fell over', bytes.with(40, bytes[40]! ^ 1)],
    ['a bit in the numbers', bytes.with(bytes.length - 40, bytes.at(-40)! ^ 128)],
    ['a missing end', bytes.subarray(0, -1)],
    ['half a file', bytes.subarray(0, bytes.length / 2)],
    ['something behind', new Uint8Array([...bytes, 0])],
    ['nothing', new Uint8Array()],
    ['zeros, as a file system may leave them', new Uint8Array(bytes.length)],
  ])('is refused with %s', (_what, damaged) => {
    expect(() => decodeTensorFile(damaged)).toThrow(DamagedFileError)
  })
})
