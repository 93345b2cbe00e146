/** Reads datasets from NumPy arrays. */
import { crc32, inflateRawSync } from 'node:zlib'
import { fileAt, readParsed } from '../../script/dataFiles.ts'
import { npyElements } from '../../script/npyElements.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** The inputs and labels of samples, for example as names of arrays. */
export type ArrayPair<Item = string> = readonly [inputs: Item, labels: Item]

/**
 * Reads arrays by name from an .npz file; the test arrays are optional.
 *
 * @param isClass Whether labels are classes, not values.
 */
export async function readNpz(
  path: string,
  names: { train: ArrayPair; test: ArrayPair },
  sampleShape: readonly number[],
  isClass: boolean,
  data?: string,
): Promise<Data> {
  return readParsed(fileAt(path, data), arrayHelp, (archive) => {
    const read = (name: string) => {
      const content = unzip(archive, `${name}.npy`)
      if (!content) throw new Error(`it has no array ${name}`)
      return parseNpy(content)
    }
    const samples = (pair: ArrayPair) => samplesOf([read(pair[0]), read(pair[1])], sampleShape, isClass)
    return { train: samples(names.train), ...(unzip(archive, `${names.test[0]}.npy`) && { test: samples(names.test) }) }
  })
}

/** Like `readNpz`, from one .npy file per array. */
export async function readNpy(
  files: { train: ArrayPair; test?: ArrayPair },
  sampleShape: readonly number[],
  isClass: boolean,
  data?: string,
): Promise<Data> {
  const read = async (file: string) => readParsed(fileAt(file, data), arrayHelp, parseNpy)
  const samples = async (pair: ArrayPair) => samplesOf([await read(pair[0]), await read(pair[1])], sampleShape, isClass)
  return { train: await samples(files.train), ...(files.test && { test: await samples(files.test) }) }
}

const arrayHelp = 'Save it again with NumPy, or pass another folder with --data.'

/** An array in row-major order; bytes stay bytes. */
interface NumberArray {
  shape: number[]
  values: Uint8Array | Float64Array
}

/** Converts arrays to samples: numbers unscaled, bytes scaled to 0..1; labels may be one-hot rows. */
function samplesOf(
  [inputs, targets]: ArrayPair<NumberArray>,
  sampleShape: readonly number[],
  isClass: boolean,
): Samples {
  const [count = 0] = inputs.shape
  const size = sampleShape.reduce((product, length) => product * length, 1)
  if (inputs.values.length !== count * size || targets.shape[0] !== count) {
    throw new Error(
      `arrays of ${inputs.shape.join('x')} and ${targets.shape.join('x')} are not samples of ${sampleShape.join('x')} with labels`,
    )
  }
  const width = targets.values.length / count
  const classes = Int32Array.from({ length: count }, (_, row) =>
    width > 1 ? targets.values.subarray(row * width, (row + 1) * width).indexOf(1) : targets.values[row]!,
  )
  return {
    inputs: inputs.values instanceof Uint8Array ? inputs.values : Float32Array.from(inputs.values),
    sampleShape,
    scale: inputs.values instanceof Uint8Array ? 1 / 255 : 1,
    labels: isClass ? classes : Float32Array.from(targets.values),
    count,
  }
}

/** Parses the .npy format: a header in Python's notation, then the numbers in row-major order. */
function parseNpy(bytes: Buffer): NumberArray {
  const start = bytes[6] === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8)
  const header = bytes.toString('latin1', 0, start)
  const [, order, type = ''] = /'descr': *'([<>|])(\w\d)'/.exec(header) ?? []
  const read = npyElements[type.replace('b', 'u')]
  const shape = (/'shape': *\(([\d, ]*)\)/.exec(header)?.[1]?.match(/\d+/g) ?? []).map(Number)
  if (!read || (shape.length > 1 && header.includes("'fortran_order': True")))
    throw new Error('it is not an array of numbers in row-major order')
  const count = shape.reduce((product, length) => product * length, 1)
  const content = bytes.subarray(start)
  const width = Number(type[1])
  if (content.length !== count * width) throw new Error(`it has ${content.length / width} numbers instead of ${count}`)
  if (/[bu]1/.test(type)) return { shape, values: new Uint8Array(content) }
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  return { shape, values: Float64Array.from({ length: count }, (_, i) => Number(read(view, i * width, order !== '>'))) }
}

/** Extracts a stored or deflated file from a zip archive; undefined if it is missing. */
function unzip(archive: Buffer, name: string): Buffer | undefined {
  const end = archive.lastIndexOf('PK\u0005\u0006')
  if (end < 0) throw new Error('it is truncated or not a zip archive')
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = archive.readUInt16LE(at + 28)
    const extra = archive.readUInt16LE(at + 30)
    const comment = archive.readUInt16LE(at + 32)
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const header = archive.readUInt32LE(at + 42)
      const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
      const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20))
      const content = archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed
      if (crc32(content) !== archive.readUInt32LE(at + 16)) throw new Error(`the checksum of ${name} is wrong`)
      return content
    }
    at += 46 + nameLength + extra + comment
  }
  return undefined
}
