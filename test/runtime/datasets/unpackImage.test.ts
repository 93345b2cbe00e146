import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/script/random.ts'
import type { ImageForm } from '../../../src/script/decodeImage.ts'
import { convertChannels } from '../../../src/script/pixelChannels.ts'
import { imageUnpacker } from '../../../src/runtime/data/unpackImage.ts'

type Channels = 1 | 2 | 3 | 4

/** Smooth, as photographs are. */
function draw(height: number, width: number, channels: Channels): Sharp {
  const random = createRandom(height * 1000 + width * 10 + channels)
  const pixels = Uint8Array.from({ length: 64 * channels }, () => Math.floor(random() * 256))
  const image = sharp(pixels, { raw: { width: 8, height: 8, channels } }).resize(width, height, { fit: 'fill' })
  return channels < 3 ? image.toColourspace('b-w') : image
}

/** The pixels that sharp gives, in the channels that are wanted. */
async function decodeBySharp(file: Buffer, { channels }: ImageForm): Promise<Buffer> {
  const image = sharp(file, { failOn: 'error', autoOrient: true })
  const formed = channels === 4 ? image.ensureAlpha() : image.removeAlpha()
  const { data, info } = await formed
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(convertChannels(data, info.channels, channels))
}

const encodings: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  jpeg: (image) => image.jpeg({ quality: 90 }),
  'jpeg of full colour': (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  'progressive jpeg': (image) => image.jpeg({ progressive: true }),
  png: (image) => image.png(),
  'interlaced png': (image) => image.png({ progressive: true, adaptiveFiltering: true }),
}
const sizes: readonly (readonly [number, number])[] = [
  [28, 28],
  [33, 17],
  [1, 1],
  [128, 128],
]

describe.each(Object.keys(encodings))('a plain %s', (name) => {
  const channels: readonly Channels[] = name.includes('jpeg') ? [1, 3] : [1, 2, 3, 4]
  const cases = sizes.flatMap((size) =>
    channels.flatMap((from) => ([1, 3, 4] as const).map((to) => ({ size, from, to }))),
  )
  it.each(cases)(
    'of $size.0 x $size.1, $from channels as $to: the pixels that sharp gives',
    async ({ size, from, to }) => {
      const form = { size, channels: to, fit: 'cover' } as const
      const file = await encodings[name]!(draw(...size, from)).toBuffer()
      const unpacked = await imageUnpacker(form)(file)
      expect(unpacked && Buffer.from(unpacked).equals(await decodeBySharp(file, form))).toBe(true)
    },
  )
})

const form: ImageForm = { size: [28, 28], channels: 3, fit: 'cover' }
const photo = () => draw(28, 28, 3)
/** The file with some of its bytes changed. */
const changed = async (image: Sharp, change: (bytes: Buffer) => Buffer) => change(await image.toBuffer())

/** As `length type data checksum`, behind the header of the file. */
function withChunk(png: Buffer, name: string, data: readonly number[]): Buffer {
  const body = Buffer.concat([Buffer.from(name), Buffer.from(data)])
  const chunk = Buffer.alloc(8 + body.length)
  chunk.writeUInt32BE(data.length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), 4 + body.length)
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
}

describe('chunks of PNG that change nothing for sharp', () => {
  it.each<[string, number[]]>([
    ['gAMA', [0, 1, 134, 160]],
    [
      'cHRM',
      [
        0, 0, 122, 38, 0, 0, 128, 132, 0, 0, 250, 0, 0, 0, 128, 232, 0, 0, 82, 8, 0, 1, 21, 88, 0, 0, 58, 152, 0, 0, 23,
        112,
      ],
    ],
    ['sBIT', [5, 5, 5]],
    ['bKGD', [0, 255, 0, 0, 0, 9]],
    ['sRGB', [1]],
    ['tIME', [7, 234, 11, 26, 1, 2, 3]],
  ])('%s', async (name, data) => {
    const file = withChunk(await photo().png().toBuffer(), name, data)
    const unpacked = await imageUnpacker(form)(file)
    expect(unpacked && Buffer.from(unpacked).equals(await decodeBySharp(file, form))).toBe(true)
  })
})

describe('what is left to sharp', () => {
  it.each<[string, () => Promise<Buffer>, Partial<ImageForm>?]>([
    ['another size', async () => await draw(28, 29, 3).jpeg().toBuffer()],
    ['a large image', async () => await draw(200, 200, 3).jpeg().toBuffer(), { size: [200, 200] }],
    ['EXIF data', async () => await photo().jpeg().withMetadata({ orientation: 6 }).toBuffer()],
    ['EXIF data of PNG', async () => await photo().png().withMetadata({ orientation: 6 }).toBuffer()],
    ['a profile', async () => await photo().jpeg().withIccProfile('p3').toBuffer()],
    ['a profile of PNG', async () => await photo().png().withIccProfile('p3').toBuffer()],
    ['colours of print', async () => await photo().toColourspace('cmyk').jpeg().toBuffer()],
    ['a palette', async () => await photo().png({ palette: true }).toBuffer()],
    ['16 bits', async () => await photo().toColourspace('rgb16').png().toBuffer()],
    ['WebP', async () => await photo().webp().toBuffer()],
    ['an empty file', () => Promise.resolve(Buffer.alloc(0))],
    ['a text', () => Promise.resolve(Buffer.from('not an image, though long enough to be the header of one'))],
    ['a JPEG that is cut short', () => changed(photo().jpeg(), (bytes) => bytes.subarray(0, -20))],
    [
      'a JPEG that lacks its middle',
      () => changed(photo().jpeg(), (bytes) => Buffer.concat([bytes.subarray(0, -80), bytes.subarray(-2)])),
    ],
    ['a JPEG of nothing but headers', () => changed(photo().jpeg(), (bytes) => bytes.subarray(0, 24))],
    ['a PNG that is cut short', () => changed(photo().png(), (bytes) => bytes.subarray(0, -20))],
    [
      'a PNG with a wrong byte',
      () =>
        changed(photo().png(), (bytes) => {
          bytes[bytes.length - 30]! ^= 0xff
          return bytes
        }),
    ],
  ])('%s', async (_what, file, other = {}) => {
    expect(await imageUnpacker({ ...form, ...other })(await file())).toBeUndefined()
  })

  it('continues with the next image after a damaged one', async () => {
    const unpack = imageUnpacker(form)
    const file = await photo().jpeg().toBuffer()
    const whole = await unpack(file)
    expect(await unpack(Buffer.concat([file.subarray(0, -80), file.subarray(-2)]))).toBeUndefined()
    expect(await unpack(file)).toEqual(whole)
  })
})
