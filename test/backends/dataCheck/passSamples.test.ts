/** Samples that are read as they are needed: no more of them are held than their memory allows, and Ctrl-C is heard. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { checkEqualSamples } from '../../../src/tasks/checkData/equalSamples.ts'
import type { Split } from '../../../src/tasks/checkData/finding.ts'
import { checkLabels } from '../../../src/tasks/checkData/labels.ts'
import { passSamples } from '../../../src/tasks/checkData/passSamples.ts'
import { DecodedImages } from '../../../src/runtime/data/decodedImages.ts'

/** Images of four bytes, of which `sameAs` gives the number that is painted into each; `held` is how many are decoded at most ahead of the pass. */
function images(count: number, room: number, paint: (image: number) => number = (image) => image) {
  const seen = { decoded: 0, passed: 0, held: 0 }
  const decode = async (path: string) => {
    seen.decoded++
    seen.held = Math.max(seen.held, seen.decoded - seen.passed)
    await wait(0)
    const painted = paint(Number(path))
    return Uint8Array.of(painted & 255, painted >> 8, painted >> 16, 0)
  }
  const paths = Array.from({ length: count }, (_, image) => String(image))
  const split: Split = {
    name: 'train',
    samples: {
      inputs: new DecodedImages({ paths, size: 4, memory: room * 4, decode }),
      sampleShape: [2, 2, 1],
      scale: 1,
      labels: Int32Array.from({ length: count }, (_, image) => image % 2),
      count,
      classes: 2,
    },
  }
  const counter = { take: () => void seen.passed++, findings: () => [] }
  return { split, seen, counter }
}

describe('passSamples', () => {
  it('holds no more images than memory does, and decodes each once', async () => {
    const { split, seen, counter } = images(3000, 50)
    const progress: number[] = []
    const found = await passSamples([split], [counter], { onProgress: (done) => void progress.push(done) })
    expect(found).toEqual([])
    expect(seen.decoded).toBe(3000)
    expect(seen.passed).toBe(3000)
    expect(seen.held).toBeLessThanOrEqual(51)
    expect(progress.at(-1)).toBe(3000)
    expect(progress.toSorted((a, b) => a - b)).toEqual(progress)
  })

  it('finds equal images that lie far apart', async () => {
    const { split } = images(600, 20, (image) => (image === 501 ? 100 : image))
    const [found, ...others] = await passSamples([split], [checkEqualSamples(['cat', 'dog'])], {})
    expect(others).toEqual([])
    expect(found).toMatchObject({
      code: 'data/contradictory-labels',
      evidence: { places: [{ message: 'train sample 501: `dog`, but `cat` in train sample 100, which is equal' }] },
    })
  })

  it('stops when it is interrupted', async () => {
    const { split, seen, counter } = images(100_000, 50)
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    await expect(passSamples([split], [counter], { signal: controller.signal })).rejects.toThrow('aborted')
    expect(seen.passed).toBeLessThan(100_000)
  })
})

describe('checkLabels', () => {
  const train = (classes: number | undefined, ...labels: number[]): Split => ({
    name: 'train',
    samples: {
      inputs: new Uint8Array(labels.length),
      sampleShape: [1],
      scale: 1,
      labels: classes === undefined ? Float32Array.from(labels) : Int32Array.from(labels),
      count: labels.length,
      ...(classes !== undefined && { classes }),
    },
  })

  it.each<[string, Split, number | undefined, (string | RegExp)[]]>([
    ['each class', train(3, 0, 1, 2), 3, []],
    ['units that are too few for classes that all occur', train(3, 0, 1, 2), 2, []],
    ['units that are more than the classes', train(3, 0, 1, 2), 5, []],
    ['a gap below labels beyond the units', train(8, 0, 1, 7), 2, [/1 of 3 samples has .* `7`; the 2 units .* 0 to 1/]],
    ['a gap, where nothing is known of units', train(4, 0, 1, 3), undefined, [/1 of 4 classes is not .* `c`/]],
    [
      'labels beyond the classes that a reader tells',
      train(2, 0, 5, -1, 1),
      undefined,
      [/2 of 4 samples have .* `-1`, `5`; classes are 0 to 1/],
    ],
    ['one class', train(3, 2, 2), 3, [/all 2 training samples have the class `c`/]],
    ['a single sample', train(3, 2), 3, [/there is only one training sample, with the class `c`/]],
    ['values', train(undefined, 0.5, -2), undefined, []],
    ['values that are all NaN, which is told elsewhere', train(undefined, Number.NaN, Number.NaN), undefined, []],
  ])('%s', (_name, split, units, want) => {
    const found = checkLabels([split], { classNames: ['a', 'b', 'c'], units, isHeldOut: false })
    expect(found.map(({ message }) => message)).toEqual(want.map((text) => expect.stringMatching(text) as string))
  })
})
