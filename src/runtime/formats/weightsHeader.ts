/** Reads the names and shapes of the arrays in a file of trained weights through a host. Only headers are read. */
import type { Host } from '../../system/host.ts'
import { type KnownError, unreadableData } from '../../system/knownError.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { joinPaths } from '../../system/paths.ts'
import { modelPlaces } from '../../language/savedArrays.ts'
import type { ArrayPlace, WeightsHeader } from './arrayPlaces.ts'
import { readKerasHeader } from './kerasArchive.ts'

/** A longer header than that of any network, so that a damaged length does not fill the memory. */
const longestHeader = 100e6

/**
 * Reads the header of a run folder, or of a file in one of the known formats, which is recognized by its content.
 *
 * @throws KnownError if it is not a file of weights, or is damaged.
 */
export function readWeightsHeader(host: Host, path: string): WeightsHeader {
  if (host.list(path) !== undefined) return readModelFolder(host, path)
  if (/(^|[/\\])model\.json$/.test(path)) return readTopology(host, path)
  const start = host.read(path, { start: 0, length: 8 })
  const magic = new TextDecoder('latin1').decode(start)
  if (magic.startsWith('\u0089HDF')) throw otherFormat(path, 'a file in the format HDF5')
  if (magic.startsWith('PK')) return readKerasHeader(host, path)
  return readTensorHeader(host, path)
}

/** Reads a run folder, or one that contains `model.json`. */
function readModelFolder(host: Host, folder: string): WeightsHeader {
  const places = modelPlaces.map((name) => joinPaths(folder, name))
  const found = places.find((place) => host.size(place) !== undefined)
  if (found !== undefined) return readTopology(host, found)
  const hasCheckpoints = host.list(joinPaths(folder, 'checkpoints')) !== undefined
  const help = hasCheckpoints
    ? 'A run saves its model when it ends. Until then, use one of its checkpoints: `checkpoints/NAME.safetensors`.'
    : 'Use a run folder, or one with `model.json`.'
  throw unreadableData(`${folder} contains no trained model.`, help)
}

const topologyFields = {
  weightsManifest: [{ paths: ['string'], weights: [{ name: 'string', shape: ['number'], dtype: 'string' }] }],
} as const

interface Topology {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[]
  }[]
}

/** Reads `model.json` of TensorFlow.js. Its weights must be in one file, as they are in a run. */
function readTopology(host: Host, path: string): WeightsHeader {
  const size = host.size(path) ?? 0
  if (size > longestHeader) throw damaged(path, 'it is too large')
  const text = new TextDecoder().decode(host.read(path, { start: 0, length: size }))
  const content = parseRecord<Topology>(text, topologyFields)
  const [group, ...others] = content?.weightsManifest ?? []
  if (group === undefined) throw damaged(path, 'it does not describe weights')
  const [name, ...more] = group.paths
  if (name === undefined || /[/\\]/.test(name) || others.length + more.length > 0) {
    throw unreadableData(`${path} has its weights in several files.`, 'Only a single file beside it can be read.')
  }
  let end = 0
  const arrays = group.weights.map(({ name: array, shape, dtype }): ArrayPlace => {
    const length = 4 * sizeOf(shape)
    end += length
    return { name: array, shape, type: dtype === 'float32' ? 'F32' : dtype, start: end - length, length }
  })
  return { format: 'tfjs', file: path.replace(/model\.json$/, name), arrays }
}

const headerFields = { '*': 'object' } as const

const entryFields = { dtype: 'string', shape: ['number'], data_offsets: ['number'] } as const

interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** Reads the header of a safetensors file. Of a checkpoint, only the weights are returned. */
function readTensorHeader(host: Host, path: string): WeightsHeader {
  const size = host.size(path) ?? 0
  const start = host.read(path, { start: 0, length: 8 })
  const length = start.length < 8 ? 0 : Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true))
  if (length === 0 || length > Math.min(size, longestHeader)) throw otherFormat(path, 'in an unknown format')
  const text = new TextDecoder().decode(host.read(path, { start: 8, length }))
  const header = parseRecord<Readonly<Record<string, unknown>>>(text, headerFields)
  if (header === undefined) throw otherFormat(path, 'in an unknown format')
  const { __metadata__: metadata, ...entries } = header
  const format = (metadata as { readonly format?: unknown } | undefined)?.format
  const prefix = typeof format === 'string' && format.startsWith('shapewright checkpoint') ? 'weights/' : ''
  const arrays = Object.entries(entries).flatMap(([name, entry]): ArrayPlace[] => {
    const found = parseRecord<TensorEntry>(JSON.stringify(entry), entryFields)
    const [from, to] = found?.data_offsets ?? []
    if (found === undefined || from === undefined || to === undefined) throw damaged(path, `\`${name}\` has no place`)
    const isInside = from >= 0 && to >= from && 8 + length + to <= size
    if (!isInside) throw damaged(path, `\`${name}\` is beyond its end`)
    // The checksum that our own files end with.
    if (name === 'sha256' || !name.startsWith(prefix)) return []
    const { shape, dtype: type } = found
    return [{ name: name.slice(prefix.length), shape, type, start: 8 + length + from, length: to - from }]
  })
  return { format: 'safetensors', file: path, arrays }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}

function otherFormat(path: string, what: string): KnownError {
  return unreadableData(
    `weights cannot be read from ${path}: it is ${what}.`,
    'Use a run folder, a file in the format safetensors, `model.json` of TensorFlow.js, or a `.keras` file. `shapewright import` converts others.',
  )
}

function damaged(path: string, what: string): KnownError {
  return unreadableData(`${path} is damaged: ${what}.`, 'Copy or export it again.')
}
