/** Draws the values of a sample. Draw `index` depends on the seed and the index only, so a larger count keeps the first draws. */
import type { Placed } from '../../compose/origins.ts'
import type { Sample, Space } from '../definition.ts'
import { sobolCoordinate } from './sobol.ts'

/** Returns the value of the space at position `dimension` of a sample, for draw `index`. */
export function drawValue({ seed, method, spaces }: Sample, dimension: number, index: number): Placed {
  const share =
    method === 'sobol'
      ? sobolCoordinate(index, dimension, randomBits(seed, dimension, 0))
      : randomShare(seed, dimension, index + 1)
  return valueAt(spaces[dimension]!.space, share)
}

/** Returns the value at `share` of a space, from 0 to 1. */
export function valueAt(space: Space, share: number): Placed {
  if (space.kind === 'choice') return space.values[Math.floor(share * space.values.length)]!
  const { kind, from, to, origin } = space
  return { value: clamp(numberAt(kind, from, to, share), from, to), origin }
}

function numberAt(kind: 'uniform' | 'logUniform' | 'int' | 'logInt', from: number, to: number, share: number): number {
  if (kind === 'int') return from + Math.floor(share * (to - from + 1))
  if (kind === 'logInt') return Math.floor(from * ((to + 1) / from) ** share)
  // Six digits are enough for a value that is drawn, and can be read.
  if (kind === 'logUniform') return Number((from * (to / from) ** share).toPrecision(6))
  const digits = Math.min(100, Math.max(0, 5 - Math.floor(Math.log10(to - from))))
  return Number((from + share * (to - from)).toFixed(digits))
}

function clamp(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value))
}

/** A number of [0, 1) with 53 random bits. */
function randomShare(seed: number, dimension: number, index: number): number {
  const high = randomBits(seed, dimension, 2 * index) >>> 5
  const low = randomBits(seed, dimension, 2 * index + 1) >>> 6
  return (high * 2 ** 26 + low) / 2 ** 53
}

/** 32 bits that depend on all arguments: the finalizer of MurmurHash3, applied after each of them. */
function randomBits(seed: number, dimension: number, counter: number): number {
  const words = [
    seed % 2 ** 32,
    Math.floor(seed / 2 ** 32),
    dimension,
    counter % 2 ** 32,
    Math.floor(counter / 2 ** 32),
  ]
  return words.reduce((hash, word) => mix(Math.imul(hash, 31) + word + 0x9e3779b9), 0)
}

function mix(bits: number): number {
  let hash = bits | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
