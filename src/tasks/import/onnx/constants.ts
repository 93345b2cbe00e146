/** Arrays whose values the file states, and those of other files beside it. */
import { lstatSync, readSync, realpathSync, closeSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { isInside } from '../../../system/insideFolder.ts'
import { openRegularFile } from '../../../system/regularFile.ts'
import { halfPrecision } from '../halfPrecision.ts'
import type { StoredTensor } from './decodeModel.ts'
import { quoted, refuse } from './refusal.ts'

/** Fractions are in a `Float32Array`, integers in a `Float64Array`. A size that is known only at run time is NaN. */
export interface Constant {
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array
  /** The name of the array in the file, if it has one. */
  readonly name?: string
}

/** The types of arrays: the bytes of a value, and how it is read. */
interface ValueType {
  readonly bytes: number
  readonly isFraction: boolean
  readonly read: (view: DataView, at: number) => number
}

/** By the numbers of `TensorProto.DataType`. */
const valueTypes: Readonly<Record<number, ValueType>> = {
  1: { bytes: 4, isFraction: true, read: (view, at) => view.getFloat32(at, true) },
  2: { bytes: 1, isFraction: false, read: (view, at) => view.getUint8(at) },
  3: { bytes: 1, isFraction: false, read: (view, at) => view.getInt8(at) },
  6: { bytes: 4, isFraction: false, read: (view, at) => view.getInt32(at, true) },
  7: { bytes: 8, isFraction: false, read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { bytes: 1, isFraction: false, read: (view, at) => view.getUint8(at) },
  10: { bytes: 2, isFraction: true, read: (view, at) => halfPrecision(view.getUint16(at, true)) },
  11: { bytes: 8, isFraction: true, read: (view, at) => view.getFloat64(at, true) },
  16: { bytes: 2, isFraction: true, read: (view, at) => bfloatOf(view.getUint16(at, true)) },
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A bfloat16 is the upper half of a float32. */
function bfloatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, bits * 65536)
  return view.getFloat32(0)
}

/**
 * Reads the values of an array.
 *
 * @param folder The folder of the file, which other files with values must be in.
 * @throws Refusal if the values are of a type without numbers, do not fit the shape, or are in another folder.
 */
export function readTensor(tensor: StoredTensor, folder: string): Constant {
  const { shape, name, listed, external } = tensor
  const what = `the array ${quoted(name)}`
  const type = valueTypes[tensor.type]
  if (!type) refuse(`${what} has values of the type ${tensor.type} of ONNX, which is not supported`)
  if (shape.some((size) => size < 0)) refuse(`${what} has the shape [${shape.slice(0, 8).join(', ')}]`)
  const count = shape.reduce((product, size) => product * size, 1)
  const length = count * type.bytes
  const bytes = external ? readExternal(external, folder, length, what) : tensor.bytes
  const available = bytes ? bytes.byteLength / type.bytes : listed.length
  if (available !== count)
    refuse(`${what} has ${available} values, but its shape [${shape.slice(0, 8).join(', ')}] has ${count}`)
  return { shape, name, values: bytes ? readBytes(bytes, type, count) : listedValues(listed, type, tensor.type) }
}

function readBytes(bytes: Uint8Array, type: ValueType, count: number): Constant['values'] {
  if (type === valueTypes[1] && isLittleEndian) return new Float32Array(Uint8Array.from(bytes).buffer)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = type.isFraction ? new Float32Array(count) : new Float64Array(count)
  for (let index = 0; index < count; index += 1) values[index] = type.read(view, index * type.bytes)
  return values
}

/** Values that are listed; 16-bit floats are listed as the integers of their bits. */
function listedValues(values: readonly number[], type: ValueType, number: number): Constant['values'] {
  if (!type.isFraction) return Float64Array.from(values)
  const decode = { 10: halfPrecision, 16: bfloatOf }[number]
  return Float32Array.from(decode ? values.map((value) => decode(value & 0xffff)) : values)
}

/** Reads bytes of a file beside the model. Its location must not lead out of the folder, also not by a link. */
function readExternal(entries: ReadonlyMap<string, string>, folder: string, length: number, what: string): Uint8Array {
  const location = entries.get('location') ?? ''
  const isPlain =
    location !== '' && !isAbsolute(location) && !/^[A-Za-z]:/.test(location) && !location.split(/[/\\]/).includes('..')
  if (!isPlain || location.includes('\0')) outside(what, location)
  const path = join(folder, location)
  const root = realpathOf(folder)
  const found = realpathOf(path)
  if (found === undefined || root === undefined) {
    refuse(`the values of ${what} are in ${quoted(location)}, which is missing`, 'Place it in the folder of the model.')
  }
  if (lstatSync(path).isSymbolicLink() || found === root || !isInside(root, found)) outside(what, location)
  if (!lstatSync(found).isFile()) refuse(`the values of ${what} are in ${quoted(location)}, which is not a file`)
  const { file, size } = openRegularFile(found)
  try {
    const offset = Number(entries.get('offset') ?? 0)
    const stated = Number(entries.get('length') ?? length)
    if (!Number.isSafeInteger(offset) || offset < 0 || stated !== length || offset + length > size) {
      refuse(`${what} takes ${length} bytes from ${quoted(location)}, which has ${size}`)
    }
    const bytes = new Uint8Array(length)
    for (let filled = 0, read = 1; read > 0 && filled < length; filled += read) {
      read = readSync(file, bytes, filled, Math.min(length - filled, 2 ** 30), offset + filled)
    }
    return bytes
  } finally {
    closeSync(file)
  }
}

function outside(what: string, location: string): never {
  refuse(
    `the values of ${what} are in ${quoted(location)}, which may be outside of the folder of the model`,
    'Files with values must be in the folder of the model, and must not be links.',
  )
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

export function scalarOf({ values }: Constant): number | undefined {
  return values.length === 1 ? values[0] : undefined
}

export function integersOf({ values }: Constant): number[] {
  return [...values]
}

export function emptyLike(values: Constant['values'], length: number): Constant['values'] {
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)
}
