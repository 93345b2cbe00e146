/** Images are resized as Pillow resizes them: pillowResizes.json has its results, pillowResizes.py wrote it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { createInputReader } from '../../../src/tasks/predict/readInputs.ts'
import { createImageDecoder } from '../../../src/runtime/data/decodeImage.ts'
import type { ImageForm } from '../../../src/script/decodeImage.ts'
import { placeImage } from '../../../src/script/placeImage.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

type Size = readonly [number, number]
type Fit = ImageForm['fit']
const { cases } = JSON.parse(readFileSync(new URL('pillowResizes.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly (readonly [Fit, Size, Size, 1 | 3 | 4, 1 | 3 | 4, string])[]
}

let folder = ''
beforeAll(() => {
  folder = temporaryFolder()
})

let written = 0
async function write(pixels: Uint8Array, [height, width]: Size, channels: 1 | 3 | 4): Promise<string> {
  const path = join(folder, `${written++}.png`)
  const image = sharp(pixels, { raw: { height, width, channels } })
  await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toFile(path)
  return path
}

const drawn = ([height, width]: Size, channels: number): Uint8Array =>
  Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 73 + Math.floor(i / 7) * 31) % 256)

async function resized(path: string, size: Size, channels: 1 | 3 | 4, fit: Fit): Promise<Uint8Array> {
  return await (
    await createImageDecoder({ size, channels, fit })
  )(path)
}

describe('images that are enlarged, byte by byte as Pillow', () => {
  it.each(cases)('%s: %j to %j, %i channels as %i', async (fit, from, to, given, channels, hex) => {
    const path = await write(drawn(from, given), from, given)
    const found = Buffer.from(await resized(path, to, channels, fit))
    expect(found.toString('hex')).toBe(hex)
    const [sample] = await createInputReader({ shape: [...to, channels], fit, invert: false })(path)
    expect(sample && 'numbers' in sample && Buffer.from(sample.numbers as Uint8Array).equals(found)).toBe(true)
  })
})

/** Small to large, large to small, one axis each way; images of which the last pixels are no whole block of JPEG. */
const sizes: readonly (readonly [Size, Size])[] = [
  [
    [3, 3],
    [12, 12],
  ],
  [
    [10, 7],
    [33, 64],
  ],
  [
    [20, 30],
    [31, 29],
  ],
  [
    [50, 75],
    [32, 32],
  ],
  [
    [101, 67],
    [28, 28],
  ],
  [
    [333, 501],
    [64, 61],
  ],
  [
    [90, 9],
    [40, 40],
  ],
]
const placings = sizes.flatMap(([from, to]) =>
  (['cover', 'contain', 'fill'] as const).map((fit) => ({ from, to, fit })),
)

describe('what holds for every size', () => {
  it.each(placings)('a symmetric image stays symmetric: $from to $to, $fit', async ({ from, to, fit }) => {
    const [height, width] = from
    const bump = (place: number, length: number) => Math.cos((Math.PI * (place - (length - 1) / 2)) / (length + 1))
    const pixels = Uint8Array.from(
      { length: height * width },
      (_, at) => 20 + 230 * bump(at % width, width) * bump(Math.floor(at / width), height),
    )
    const found = await resized(await write(pixels, from, 1), to, 1, fit)
    const at = (y: number, x: number) => found[y * to[1] + x]!
    for (let y = 0; y < to[0]; y++) {
      for (let x = 0; x < to[1]; x++) {
        expect(Math.abs(at(y, x) - at(y, to[1] - 1 - x))).toBeLessThanOrEqual(3)
        expect(Math.abs(at(y, x) - at(to[0] - 1 - y, x))).toBeLessThanOrEqual(3)
      }
    }
  })

  it.each(sizes)('a ramp stays the ramp: %j to %j', async (from, to) => {
    const [height, width] = from
    const ramp = (place: number, length: number) => (255 * (place + 0.5)) / length
    for (const [along, across] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const pixels = Uint8Array.from({ length: height * width }, (_, at) =>
        Math.round(ramp(along === 1 ? at % width : Math.floor(at / width), from[along])),
      )
      const found = await resized(await write(pixels, from, 1), to, 1, 'fill')
      // Beyond the middles of its first and last pixels, there is nothing that would go on.
      const border = Math.ceil(2 * Math.max(1, to[along] / from[along]))
      for (let place = border; place < to[along] - border; place++) {
        const at = along === 1 ? Math.floor(to[across] / 2) * to[1] + place : place * to[1] + Math.floor(to[across] / 2)
        const step = 255 / to[along]
        expect(Math.abs(found[at]! - ramp(place, to[along]))).toBeLessThanOrEqual(1 + 0.1 * step)
      }
    }
  })

  it.each(placings)('margins are equal and whole: $from to $to, $fit', ({ from, to, fit }) => {
    const { scaled, margins, region } = placeImage(from, to, fit)
    for (const axis of [0, 1] as const) {
      expect(Number.isInteger(margins[axis])).toBe(true)
      expect(scaled[axis]).toBe(to[axis] + 2 * margins[axis])
    }
    expect(region.left + region.width / 2).toBeCloseTo(from[1] / 2)
    expect(region.top + region.height / 2).toBeCloseTo(from[0] / 2)
  })
})

describe('channels and depths', () => {
  it('reads the high byte of 16 bits', async () => {
    const values = Uint16Array.of(0, 300, 30_000, 65_535)
    const path = join(folder, 'deep.png')
    await sharp(values, { raw: { height: 1, width: 4, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(path)
    expect([...(await resized(path, [1, 4], 1, 'fill'))]).toEqual([0, 1, 117, 255])
  })

  it('leaves opacity out without a change of colours, whatever the size', async () => {
    const transparent = Uint8Array.from({ length: 16 * 16 * 4 }, (_, at) => [200, 100, 50, 0][at % 4]!)
    const path = await write(transparent, [16, 16], 4)
    for (const size of [
      [16, 16],
      [8, 8],
      [32, 32],
      [8, 32],
    ] as const) {
      const found = await resized(path, size, 3, 'fill')
      expect(
        new Set(Array.from({ length: found.length / 3 }, (_, at) => found.slice(at * 3, at * 3 + 3).join())),
      ).toEqual(new Set(['200,100,50']))
    }
  })
})
