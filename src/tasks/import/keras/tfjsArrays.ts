/** The manifest of weights in `model.json` of TensorFlow.js, and the arrays in the files that it lists. */
import { halfPrecision } from '../halfPrecision.ts'
import { asList, asObject, asText, isList, type Json } from '../readJson.ts'
import { misread } from './kerasModel.ts'
import type { StoredArray } from './storedArray.ts'

/** Files that are read one after the other, and the arrays in them. */
export interface ManifestGroup {
  readonly paths: readonly string[]
  readonly entries: readonly ManifestEntry[]
  /** The bytes of all arrays. */
  readonly bytes: number
}

interface ManifestEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly decode: Decoder
  readonly bytes: number
}

interface Decoder {
  readonly width: number
  /** Reads a number at an offset in bytes. */
  read(view: DataView, at: number): number
}

const decoders: Readonly<Record<string, Decoder>> = {
  float32: { width: 4, read: (view, at) => view.getFloat32(at, true) },
  int32: { width: 4, read: (view, at) => view.getInt32(at, true) },
  uint16: { width: 2, read: (view, at) => view.getUint16(at, true) },
  uint8: { width: 1, read: (view, at) => view.getUint8(at) },
  bool: { width: 1, read: (view, at) => view.getUint8(at) },
  float16: { width: 2, read: (view, at) => halfPrecision(view.getUint16(at, true)) },
}

/** @throws KnownError if the manifest has another form. */
export function readManifestGroups(manifest: Json | undefined, file: string): ManifestGroup[] {
  if (manifest === undefined || manifest === null) return []
  if (!isList(manifest)) throw misread(file, '`weightsManifest` is not a list')
  return manifest.map((group, index) => {
    const paths = (asList(asObject(group)?.['paths']) ?? []).map(asText)
    if (paths.includes(undefined)) throw misread(file, `\`weightsManifest[${index}].paths\` is not a list of names`)
    const entries = (asList(asObject(group)?.['weights']) ?? []).map((one) =>
      readEntry(one, `weightsManifest[${index}]`, file),
    )
    return { paths: paths as string[], entries, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) }
  })
}

function readEntry(value: Json, place: string, file: string): ManifestEntry {
  const { name, shape, dtype, quantization } = asObject(value) ?? {}
  const sizes = asList(shape)
  const isShape = sizes?.every((size) => typeof size === 'number' && Number.isInteger(size) && size >= 0) === true
  if (typeof name !== 'string' || !isShape) throw misread(file, `\`${place}\` has an array without a name or a shape`)
  const decode = decoderOf(dtype, quantization)
  if (decode === undefined)
    throw misread(file, `the array \`${name}\` has the type ${String(dtype)}, which is not supported`)
  const count = (sizes as number[]).reduce((product, size) => product * size, 1)
  if (!Number.isSafeInteger(count)) throw misread(file, `the array \`${name}\` is too large`)
  return { name, shape: sizes as number[], decode, bytes: count * decode.width }
}

/** How the numbers of a type are read, also those that the converter of TensorFlow.js quantized. */
function decoderOf(dtype: Json | undefined, quantization: Json | undefined): Decoder | undefined {
  const { dtype: packed, min = 0, scale = 1 } = asObject(quantization) ?? { dtype }
  const plain = typeof packed === 'string' && Object.hasOwn(decoders, packed) ? decoders[packed] : undefined
  if (plain === undefined || typeof min !== 'number' || typeof scale !== 'number') return undefined
  if (quantization === undefined || packed === 'float16') return plain
  return { width: plain.width, read: (view, at) => plain.read(view, at) * scale + min }
}

/** @param bytes The content of the files of the group, whose length was checked. */
export function decodeArrays({ entries }: ManifestGroup, content: Uint8Array, file: string): StoredArray[] {
  let offset = 0
  return entries.map(({ name, shape, decode, bytes }) => {
    const start = offset
    offset += bytes
    if (offset > content.length) throw misread(file, `the array \`${name}\` is not complete`)
    const view = new DataView(content.buffer, content.byteOffset + start, bytes)
    const read = () =>
      Float32Array.from({ length: bytes / decode.width }, (_one, index) => decode.read(view, index * decode.width))
    return { name, shape, read }
  })
}
