import { describe, expect, it } from 'vitest'
import { augmentImages, type Augmentation, type ImageShape } from '../../../src/script/augmentation.ts'
import { cutout } from '../../../src/parts/augmentations/cutout.run.ts'
import { randomBrightness } from '../../../src/parts/augmentations/randomBrightness.run.ts'
import { randomContrast } from '../../../src/parts/augmentations/randomContrast.run.ts'
import { randomCrop } from '../../../src/parts/augmentations/randomCrop.run.ts'
import { randomFlip } from '../../../src/parts/augmentations/randomFlip.run.ts'
import { randomRotation } from '../../../src/parts/augmentations/randomRotation.run.ts'
import { createRandom } from '../../../src/script/random.ts'

/** 0.01, 0.02, … so that every value tells where it comes from. */
const counting = ([height, width, channels]: ImageShape) =>
  Float32Array.from({ length: height * width * channels }, (_, index) => (index + 1) / 100)

/** What is made of the counting image where these numbers are drawn, in hundredths. */
function apply(augmentation: Augmentation, shape: ImageShape, ...drawn: number[]): number[] {
  const image = counting(shape)
  augmentation.apply(image, shape, () => drawn.shift()!)
  expect(drawn).toEqual([])
  return [...image].map((value) => Math.round(value * 10_000) / 100)
}

const heads = 0.4
const tails = 0.6

describe('randomFlip', () => {
  it.each<[Parameters<typeof randomFlip>[0], number[], number[]]>([
    [{}, [heads], [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]],
    [{}, [tails], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    [{ mode: 'vertical' }, [heads], [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]],
    [{ mode: 'horizontalAndVertical' }, [heads, heads], [11, 12, 9, 10, 7, 8, 5, 6, 3, 4, 1, 2]],
    [{ mode: 'horizontalAndVertical' }, [tails, heads], [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]],
  ])('%j, drawn %j', (options, drawn, want) => {
    expect(apply(randomFlip(options), [2, 3, 2], ...drawn)).toEqual(want)
  })
})

describe('randomCrop', () => {
  // Drawn: how far down, then right, the frame of the cut lies; 0 is padding up and left, so that the image moves down and right.
  it.each<[number[], number[]]>([
    [
      [0.5, 0.5],
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
    [
      [0, 0],
      [0, 0, 0, 0, 1, 2, 0, 4, 5],
    ],
    [
      [0.99, 0.99],
      [5, 6, 0, 8, 9, 0, 0, 0, 0],
    ],
    [
      [0.5, 0],
      [0, 1, 2, 0, 4, 5, 0, 7, 8],
    ],
    [
      [0.99, 0.5],
      [4, 5, 6, 7, 8, 9, 0, 0, 0],
    ],
  ])('with padding 1, drawn %j', (drawn, want) => {
    expect(apply(randomCrop({ padding: 1 }), [3, 3, 1], ...drawn)).toEqual(want)
  })

  it('moves all channels of a pixel together', () => {
    expect(apply(randomCrop({ padding: 1 }), [1, 3, 2], 0.5, 0.99)).toEqual([3, 4, 5, 6, 0, 0])
  })

  it('is equally likely to move by each number of pixels', () => {
    const random = createRandom(1)
    const places = new Map<number, number>()
    for (let round = 0; round < 5000; round++) {
      const image = new Float32Array(25)
      image[12] = 1
      randomCrop({ padding: 2 }).apply(image, [5, 5, 1], random)
      places.set(image.indexOf(1), (places.get(image.indexOf(1)) ?? 0) + 1)
    }
    expect(places.size).toBe(25)
    // 200 each; the standard deviation is 14.
    for (const count of places.values()) expect(Math.abs(count - 200)).toBeLessThan(60)
  })
})

describe('randomRotation', () => {
  const quarter = randomRotation({ degrees: 90 })

  it.each<[string, number, number[]]>([
    ['by nothing', 0.5, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['by a quarter, counterclockwise', 1, [3, 6, 9, 2, 5, 8, 1, 4, 7]],
    ['by a quarter, clockwise', 0, [7, 4, 1, 8, 5, 2, 9, 6, 3]],
  ])('turns %s', (_name, drawn, want) => expect(apply(quarter, [3, 3, 1], drawn)).toEqual(want))

  it('interpolates between pixels, and is black outside', () => {
    // By 45 degrees, the corners lie sqrt(2) away from the middle: 0.414 beyond the edge.
    const turned = apply(randomRotation({ degrees: 45 }), [3, 3, 1], 1)
    expect(turned[4]).toBe(5)
    const half = Math.SQRT1_2
    // Above the middle comes what is half right of it and half above: between 2, 3, 5 and 6.
    const bilinear = (1 - half) * (1 - half) * 5 + half * (1 - half) * 6 + (1 - half) * half * 2 + half * half * 3
    expect(turned[1]).toBeCloseTo(bilinear, 1)
    // At the corner, 0.586 of the value at the edge right of the middle.
    expect(turned[2]).toBeCloseTo((2 - Math.SQRT2) * 6, 1)
  })

  it('turns an image that is wider than high about its middle', () => {
    expect(apply(randomRotation({ degrees: 180 }), [1, 3, 2], 1)).toEqual([5, 6, 3, 4, 1, 2])
  })
})

describe('randomBrightness', () => {
  it.each([
    [0.5, [1, 2, 3, 4]],
    [1, [4, 5, 6, 7]],
    [0, [0, 0, 0, 1]],
  ])('drawn %d', (drawn, want) => expect(apply(randomBrightness({ factor: 0.03 }), [2, 2, 1], drawn)).toEqual(want))
})

describe('randomContrast', () => {
  // Of the channels [1, 3, 5] and [2, 4, 6], the means are 3 and 4.
  it.each([
    [0.5, [1, 2, 3, 4, 5, 6]],
    [1, [0, 1, 3, 4, 6, 7]],
    [0, [2, 3, 3, 4, 4, 5]],
  ])('drawn %d', (drawn, want) => expect(apply(randomContrast({ factor: 0.5 }), [1, 3, 2], drawn)).toEqual(want))
})

describe('cutout', () => {
  it.each<[number, number[], number[]]>([
    [1, [0.5, 0.5], [1, 2, 3, 4, 0, 6, 7, 8, 9]],
    [2, [0.5, 0.5], [0, 0, 3, 0, 0, 6, 7, 8, 9]],
    [2, [0.9, 0.9], [1, 2, 3, 4, 0, 0, 7, 0, 0]],
    [3, [0, 0], [0, 0, 3, 0, 0, 6, 7, 8, 9]],
    [3, [0.9, 0.9], [1, 2, 3, 4, 0, 0, 7, 0, 0]],
  ])('of size %d, drawn %j', (size, drawn, want) => {
    expect(apply(cutout({ size }), [3, 3, 1], ...drawn)).toEqual(want)
  })
})

describe('augmentImages', () => {
  const all = augmentImages([
    randomFlip(),
    randomCrop({ padding: 2 }),
    randomRotation({ degrees: 20 }),
    randomBrightness({ factor: 0.2 }),
    randomContrast({ factor: 0.2 }),
    cutout({ size: 2 }),
  ])
  const shape: ImageShape = [6, 5, 3]

  /** The images of these numbers, one after the other. */
  function augmented(numbers: readonly number[], seed = 1, step = 0): Float32Array[] {
    const images = Float32Array.from(numbers.flatMap(() => [...counting(shape)]))
    all.apply(images, shape, Int32Array.from(numbers), seed, step)
    return numbers.map((_, row) => images.slice(row * 90, (row + 1) * 90))
  }

  it('gives a sample what is its own, whatever else is in the batch', () => {
    const [one, two, three] = augmented([7, 8, 9])
    expect(augmented([9, 7])).toEqual([three, one])
    expect(augmented([8])).toEqual([two])
    expect(one).not.toEqual(two)
  })

  it('draws other values for another step and another seed', () => {
    const seen = [augmented([7])[0], augmented([7], 2)[0], augmented([7], 1, 1)[0]].map(String)
    expect(new Set(seen).size).toBe(3)
  })

  it('gives fixed numbers in every version', () => {
    const sum = augmented([1, 2, 3], 42, 17).map((image) => image.reduce((total, value) => total + value, 0))
    expect(sum.map((value) => value.toFixed(4))).toMatchInlineSnapshot(`
      [
        "5.4579",
        "5.2375",
        "26.9817",
      ]
    `)
  })
})
