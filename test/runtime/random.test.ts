import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Draws } from '../../src/script/draws.ts'
import { createRandom, mixSeed, sequentialIndices, shuffledIndices } from '../../src/script/random.ts'

/** The text of the published source, with its own variable names. */
function mulberry32(a: number): () => number {
  return () => {
    let t = (a += 0x6d2b79f5)
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('createRandom', () => {
  it('follows the published mulberry32', () => {
    for (const seed of [0, 1, 42, 0xffffffff]) {
      const ours = createRandom(seed)
      const theirs = mulberry32(seed)
      for (let draw = 0; draw < 100; draw++) expect(ours()).toBe(theirs())
    }
  })

  it('spreads its numbers evenly', () => {
    const random = createRandom(7)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 10000; draw++) counts[Math.floor(random() * 10)]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('mixSeed', () => {
  it('gives distinct seeds from 1 up for neighbouring inputs', () => {
    const seeds = new Set<number>()
    for (let seed = 0; seed < 10; seed++) {
      for (let layer = 0; layer < 10; layer++) {
        for (let step = 0; step < 10; step++) seeds.add(mixSeed(seed, layer, step))
      }
    }
    expect(seeds.size).toBe(1000)
    expect(Math.min(...seeds)).toBeGreaterThan(0)
  })
})

describe('shuffledIndices', () => {
  it.each([0, 1, 2, 1000])('is a permutation of %i numbers', (count) => {
    expect(shuffledIndices(count, 1, 1).toSorted()).toEqual(sequentialIndices(count))
  })

  it('repeats for the same seed and epoch, and differs for others', () => {
    const order = shuffledIndices(100, 42, 1)
    expect(shuffledIndices(100, 42, 1)).toEqual(order)
    expect(shuffledIndices(100, 42, 2)).not.toEqual(order)
    expect(shuffledIndices(100, 43, 1)).not.toEqual(order)
  })

  it('puts each number in each place about as often', () => {
    const counts = Array.from({ length: 25 }, () => 0)
    for (let seed = 0; seed < 5000; seed++) {
      for (const [place, index] of shuffledIndices(5, seed, 1).entries()) counts[place * 5 + index]!++
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('dropout', () => {
  it.each([0, 0.1, 0.25, 0.5, 1 / 3, 0.999])(
    'at a rate of %d keeps what the generator draws at or above it',
    async (rate) => {
      await tf.setBackend('cpu')
      for (const seed of [1, -5, 0x7fffffff]) {
        const random = createRandom(mixSeed(seed, mixSeed(3, 0)))
        const wanted = Array.from({ length: 1000 }, () => {
          return Math.floor(random() * 2 ** 24) / 2 ** 24 >= rate ? Math.fround(1 / (1 - rate)) : 0
        })
        expect([...new Draws(seed, 3).drop(tf.ones([1000]), rate).dataSync()]).toEqual(wanted)
      }
    },
  )
})
