/** The headers of files of weights, and files that are damaged or something else. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { readWeightsHeader } from '../../../src/runtime/formats/weightsHeader.ts'
import type { Host } from '../../../src/system/host.ts'

function hostOf(files: Readonly<Record<string, Uint8Array>>): Host {
  return {
    size: (path) => files[path]?.length,
    list: (path) => (Object.keys(files).some((file) => file.startsWith(`${path}/`)) ? [] : undefined),
    read(path, { start, length }) {
      const bytes = files[path]
      if (bytes === undefined) throw new Error(`there is no ${path}`)
      return bytes.subarray(start, start + length)
    },
  }
}

function tensors(header: unknown, numbers = 100, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(length ?? BigInt(Buffer.byteLength(text)))
  return Buffer.concat([start, Buffer.from(text), Buffer.alloc(numbers)])
}

const entry = (shape: number[], offsets: number[], dtype = 'F32') => ({ dtype, shape, data_offsets: offsets })
const topology = (content: unknown) => Buffer.from(JSON.stringify(content))
const manifest = (paths: string[]) => [{ paths, weights: [{ name: 'a/kernel', shape: [2, 3], dtype: 'float32' }] }]

describe('the header of a file of weights', () => {
  it.each([
    ['safetensors', 'a', { a: tensors({ 'd/kernel': entry([2, 3], [0, 24]) }) }, 'd/kernel 2,3'],
    ['a checksum', 'a', { a: tensors({ 'd/b': entry([1], [0, 4]), sha256: entry([32], [4, 36], 'U8') }) }, 'd/b 1'],
    [
      'a checkpoint',
      'a',
      {
        a: tensors({
          __metadata__: { format: 'shapewright checkpoint 1' },
          'weights/d/b': entry([1], [0, 4]),
          'optimizer/0': entry([1], [4, 8]),
        }),
      },
      'd/b 1',
    ],
    ['a run', 'a', { 'a/model/model.json': topology({ weightsManifest: manifest(['weights.bin']) }) }, 'a/kernel 2,3'],
    ['a folder', 'a', { 'a/model.json': topology({ weightsManifest: manifest(['weights.bin']) }) }, 'a/kernel 2,3'],
  ] as const)('of %s is read', (_what, path, files, want) => {
    const { arrays } = readWeightsHeader(hostOf(files), path)
    expect(arrays.map(({ name, shape }) => `${name} ${shape}`).join('; ')).toBe(want)
  })

  it.each([
    ['an empty file', new Uint8Array(), /in an unknown format/],
    ['text', Buffer.from('sepal,petal\n1,2\n'), /in an unknown format/],
    ['a header without end', tensors({}, 0, 2n ** 63n), /in an unknown format/],
    ['a header that is no JSON', tensors('{"a":'), /in an unknown format/],
    ['an array beyond the end', tensors({ 'd/b': entry([50], [0, 200]) }), /`d\/b` is beyond its end/],
    ['an array before the start', tensors({ 'd/b': entry([1], [-4, 0]) }), /`d\/b` is beyond its end/],
    ['an array without place', tensors({ 'd/b': { dtype: 'F32', shape: [1] } }), /`d\/b` has no place/],
    ['HDF5', Buffer.from('\u0089HDF\r\n\u001a\n', 'latin1'), /in the format HDF5/],
    ['a pickle in a zip', Buffer.from('PK\u0003\u0004archive/data.pkl'), /its directory is missing/],
  ])('of %s is refused', (_what, content, message) => {
    expect(() => readWeightsHeader(hostOf({ a: content }), 'a')).toThrow(message)
  })

  it.each([
    ['a run without a model', { 'a/checkpoints/x': new Uint8Array() }, /no trained model/],
    ['several files', { 'a/model.json': topology({ weightsManifest: manifest(['x', 'y']) }) }, /in several files/],
    ['a file elsewhere', { 'a/model.json': topology({ weightsManifest: manifest(['../x']) }) }, /in several files/],
    ['another JSON file', { 'a/model.json': topology({}) }, /does not describe weights/],
  ])('of %s is refused', (_what, files: Readonly<Record<string, Uint8Array>>, message) => {
    expect(() => readWeightsHeader(hostOf(files), 'a')).toThrow(message)
  })
})

it('reports numbers in half precision, which training does not read', () => {
  const file = tensors({ 'hidden/kernel': entry([2, 8], [0, 32], 'F16'), 'hidden/bias': entry([8], [32, 48], 'F16') })
  const spec =
    'name: a\ninput: { shape: [2] }\nlayers: [{ dense: { name: hidden, units: 8 } }]\nweights: { from: half.safetensors }\n'
  const { diagnostics } = checkText(spec, 'a.yaml', { host: hostOf({ 'half.safetensors': file }) })
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['weights/unreadable', '`hidden/kernel` in half.safetensors has numbers of the type F16, but only F32 can be read'],
  ])
})
