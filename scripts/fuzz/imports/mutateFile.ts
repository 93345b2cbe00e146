/** Mutates the bytes of files at random: bits, numbers, ranges, and the values of JSON. */
import type { RandomSource } from '../randomSource.ts'

/** Returns a mutated copy. JSON mostly stays JSON, so that what reads its values is reached. */
export function mutateFile(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const isJson = bytes[0] === 0x7b
  let mutated: Buffer = Buffer.from(bytes)
  for (let left = random.integer(1, 4); left > 0; left -= 1) {
    mutated = isJson && random.chance(0.8) ? mutateJson(mutated, random) : random.pick(mutations)(mutated, random)
  }
  return mutated
}

type Mutation = (bytes: Buffer, random: RandomSource) => Buffer

const oddBytes = [0, 1, 0x7f, 0x80, 0xfe, 0xff]
const oddNumbers = [0n, 1n, 0x7fn, 0xffn, 0xffffn, 0x7fff_ffffn, 0xffff_ffffn, 0x7fff_ffff_ffff_ffffn, (1n << 64n) - 1n]

/** A place in a file, more often near its beginning, where headers are. */
function placeIn(bytes: Buffer, random: RandomSource): number {
  const most = random.chance(0.5) ? Math.min(bytes.length, 400) : bytes.length
  return random.integer(0, Math.max(0, most - 1))
}

function rangeIn(bytes: Buffer, random: RandomSource): readonly [number, number] {
  const start = placeIn(bytes, random)
  return [start, Math.min(bytes.length, start + random.integer(1, random.chance(0.8) ? 16 : 4096))]
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = placeIn(bytes, random)
    bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7))
    return bytes
  },
  (bytes, random) => {
    bytes[placeIn(bytes, random)] = random.pick(oddBytes)
    return bytes
  },
  (bytes, random) => {
    const number = Buffer.alloc(8)
    number.writeBigUInt64LE(random.pick(oddNumbers))
    number.copy(bytes, placeIn(bytes, random), 0, random.pick([2, 4, 8]))
    return bytes
  },
  (bytes, random) => bytes.subarray(0, placeIn(bytes, random)),
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random)
    const times = random.chance(0.9) ? 1 : 200
    const copies = Array.from({ length: times }, () => bytes.subarray(start, end))
    return Buffer.concat([bytes.subarray(0, end), ...copies, bytes.subarray(end)])
  },
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random)
    return bytes.fill(random.pick(oddBytes), start, end)
  },
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random)
    bytes.copy(bytes, placeIn(bytes, random), start, end)
    return bytes
  },
]

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const oddValues: readonly Json[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1e9,
  2 ** 53,
  1e308,
  '',
  '__proto__',
  '../../etc/passwd',
  '/etc/passwd',
  'a\u0000b',
  '\ud800',
  '$name',
  'constructor',
  [],
  {},
  [[]],
  [null],
  [-1],
  [1e9, 1e9, 1e9],
  [0],
  { class_name: 'Lambda', config: {} },
]

function mutateJson(bytes: Buffer, random: RandomSource): Buffer {
  let root: Json
  try {
    root = JSON.parse(bytes.toString()) as Json
  } catch {
    return bytes
  }
  const holders = holdersIn(root)
  if (holders.length === 0) return bytes
  const holder = random.pick(holders)
  const key = random.pick(Object.keys(holder))
  const values = holder as Record<string, Json>
  const change = random.integer(0, 4)
  if (change === 0) delete values[key]
  else if (change === 1) values[key] = structuredClone(random.pick(holders))
  else if (change === 2) values[`${key}${random.pick(['', 's', '_', '/', ' '])}`] = values[key]!
  else if (change === 3 && random.chance(0.1)) values[key] = nested(values[key]!, random.pick([50, 3000]))
  else values[key] = random.pick(oddValues)
  const text = textOf(root)
  return text === undefined || text.length > 3e6 ? bytes : Buffer.from(text)
}

/** Undefined if the value is nested too deeply, as it is after several mutations by `nested`. */
function textOf(root: Json): string | undefined {
  try {
    return JSON.stringify(root)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function nested(value: Json, levels: number): Json {
  let outer = value
  for (let level = 0; level < levels; level += 1) outer = [outer]
  return outer
}

/** The lists and maps in a value that have any entries. */
function holdersIn(root: Json): (Json[] | { [key: string]: Json })[] {
  const found: (Json[] | { [key: string]: Json })[] = []
  const waiting: Json[] = [root]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value === null || typeof value !== 'object') continue
    if (Object.keys(value).length > 0) found.push(value)
    waiting.push(...Object.values(value))
  }
  return found
}
