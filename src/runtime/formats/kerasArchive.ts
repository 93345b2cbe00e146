/** Finds the weights of the layers in a `.keras` file: a zip archive of `config.json` and `model.weights.h5`. */
import { kerasGroups } from './kerasGroups.ts'
import type { Host } from '../../system/host.ts'
import { isKnownError, type KnownError, unreadableData } from '../../system/knownError.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { Hdf5Arrays, UnknownHdf5Error, type ReadBytes } from './hdf5Arrays.ts'
import type { WeightsHeader } from './arrayPlaces.ts'
import { readZipDirectory, readZipMember, startOfMember, type ZipMember } from './zip.ts'

const largestConfig = 100e6

const configFields = { config: { layers: [{ class_name: 'string', config: { name: 'string' } }] } } as const

interface ModelConfig {
  readonly config: { readonly layers: readonly { readonly class_name: string; readonly config: { name: string } }[] }
}

/** An array, named after its layer and its place in it: `conv2d/0`, or `both/forward/0` inside a layer that wraps another. */
type Found = { readonly name: string; readonly address: number }

/** @throws KnownError if it is damaged, or not as Keras 3 writes it. */
export function readKerasHeader(host: Host, path: string): WeightsHeader {
  const members = membersOf(host, path)
  const [config, weights] = ['config.json', 'model.weights.h5'].map((name) => members.find((one) => one.name === name))
  if (config === undefined || weights === undefined || config.length > largestConfig) {
    throw unreadableData(
      `${path} is an archive that Keras 3 did not write.`,
      'Use a file that `model.save("model.keras")` wrote.',
    )
  }
  const model = parseRecord<ModelConfig>(new TextDecoder().decode(readZipMember(host, path, config)), configFields)
  if (model === undefined) throw importInstead(path, 'its network is not a Sequential or functional model')
  if (weights.method !== 0) throw importInstead(path, 'its weights are compressed')
  const offset = startOfMember(host, path, weights)
  try {
    const file = new Hdf5Arrays(cachedReader(host, path, offset, weights.length))
    const arrays = findArrays(file, model).map(({ name, address }) => {
      const { shape, type = 'other', start, length } = file.array(address)
      if (start + length > weights.length) throw new UnknownHdf5Error(`\`${name}\` is beyond its end`)
      return { name, shape, type, start: offset + start, length }
    })
    return { format: 'keras', file: path, arrays }
  } catch (error) {
    if (error instanceof UnknownHdf5Error) throw importInstead(path, `${weights.name} cannot be read: ${error.message}`)
    throw error
  }
}

function membersOf(host: Host, path: string): readonly ZipMember[] {
  try {
    return readZipDirectory(host, path)
  } catch (error) {
    if (!isKnownError(error)) throw error
    throw unreadableData(error.message, 'Save the model again, or copy the file again.')
  }
}

const pageBytes = 2 ** 16

/** Reads through a cache of pages, because the parts of an HDF5 file are small and many. */
function cachedReader(host: Host, path: string, offset: number, size: number): ReadBytes {
  const pages = new Map<number, Uint8Array>()
  const pageAt = (number: number): Uint8Array => {
    const start = number * pageBytes
    const page =
      pages.get(number) ?? host.read(path, { start: offset + start, length: Math.min(pageBytes, size - start) })
    pages.set(number, page)
    return page
  }
  return (start, length) => {
    const end = Math.min(start + length, size)
    if (start < 0 || start >= end) return new Uint8Array()
    const [first, last] = [Math.floor(start / pageBytes), Math.floor((end - 1) / pageBytes)]
    if (first === last) return pageAt(first).subarray(start - first * pageBytes, end - first * pageBytes)
    const bytes = new Uint8Array(end - start)
    for (let number = first; number <= last; number += 1) {
      const from = number * pageBytes
      const page = pageAt(number).subarray(Math.max(0, start - from), Math.max(0, end - from))
      bytes.set(page, Math.max(0, from - start))
    }
    return bytes
  }
}

function findArrays(file: Hdf5Arrays, { config: { layers } }: ModelConfig): Found[] {
  const groups = kerasGroups(layers.map(({ class_name: className }) => className))
  return layers.flatMap(({ config: { name } }, index) => arraysIn(file, ['layers', groups[index]!], name))
}

/** The parts of a layer that have weights of their own, with what they add to the names of these. */
const parts = [
  ['cell', ''],
  ['forward_layer', 'forward/'],
  ['backward_layer', 'backward/'],
  ['layer', ''],
] as const

/** The arrays of a layer, then those of its parts. */
function arraysIn(file: Hdf5Arrays, path: readonly string[], name: string): Found[] {
  const group = file.group(path)
  if (group === undefined) return []
  const own = [...(file.group([...path, 'vars']) ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([key, address]) => ({ name: `${name}/${key}`, address }))
  const inner = parts.flatMap(([part, prefix]) =>
    group.has(part) && path.length < 6 ? arraysIn(file, [...path, part], `${name}/${prefix}`.replace(/\/$/, '')) : [],
  )
  return [...own, ...inner]
}

function importInstead(path: string, what: string): KnownError {
  return unreadableData(
    `${path} cannot be used as it is: ${what}.`,
    `Import it with \`shapewright import\`, and use the safetensors file that this writes.`,
  )
}
