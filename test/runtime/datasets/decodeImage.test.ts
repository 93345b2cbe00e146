import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { createImageDecoder } from '../../../src/runtime/data/decodeImage.ts'
import type { ImageForm } from '../../../src/script/decodeImage.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

let folder = ''
beforeAll(() => {
  folder = temporaryFolder()
})

/** Height 2 and width 3; what is given a channel at a time. */
const pixels = { 1: [0, 50, 100, 150, 200, 250], 3: [] as number[], 4: [] as number[] }
for (const value of pixels[1]) {
  pixels[3].push(value, 250 - value, 7)
  pixels[4].push(value, 250 - value, 7, 128)
}

async function write(name: string, channels: 1 | 3 | 4): Promise<string> {
  const path = join(folder, name)
  const image = sharp(Buffer.from(pixels[channels]), { raw: { width: 3, height: 2, channels } })
  const lossless = {
    jpg: image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    webp: image.webp({ lossless: true }),
  }
  const formed = lossless[name.split('.')[1] as 'jpg'] ?? image.toColourspace(channels === 1 ? 'b-w' : 'srgb').png()
  await formed.toFile(path)
  return path
}

async function decode(path: string, form: Partial<ImageForm>): Promise<number[]> {
  const decoder = await createImageDecoder({ size: [2, 3], channels: 3, fit: 'cover', ...form })
  return [...(await decoder(path))]
}

const three = (values: readonly number[]) => values.flatMap((value) => [value, value, value])
const opaque = pixels[3].flatMap((value, index) => (index % 3 === 2 ? [value, 255] : [value]))

describe('createImageDecoder', () => {
  it.each<[string, 1 | 3 | 4, 1 | 3 | 4, number[]]>([
    ['colour.png', 3, 3, pixels[3]],
    ['colour.webp', 3, 3, pixels[3]],
    ['grey.png', 1, 1, pixels[1]],
    ['grey as colour.png', 1, 3, three(pixels[1])],
    ['opaque.png', 3, 4, opaque],
    ['half opaque.png', 4, 4, pixels[4]],
    ['opacity left out.png', 4, 3, pixels[3]],
  ])('reads %s, of %i channels, as %i', async (name, written, channels, want) => {
    expect(await decode(await write(name, written), { channels })).toEqual(want)
  })

  it('reads JPEG, as near as it is', async () => {
    const found = await decode(await write('photo.jpg', 3), {})
    for (const [index, value] of found.entries()) expect(Math.abs(value - pixels[3][index]!)).toBeLessThan(12)
  })

  it.each<[string, [number, number]]>([
    ['of its own size', [6, 6]],
    ['that is enlarged', [9, 12]],
    ['that is reduced', [3, 4]],
  ])('converts colour to grey by ITU-R BT.601 on encoded values: an image %s', async (name, size) => {
    for (const colour of ['f00', '0f0', '00f', '00c', 'fff', '123', 'c80', '08c']) {
      const [r, g, b] = [...colour].map((digit) => Number.parseInt(digit + digit, 16)) as [number, number, number]
      const path = join(folder, `${name} ${colour}.png`)
      await sharp({ create: { width: 6, height: 6, channels: 3, background: { r, g, b } } }).toFile(path)
      const found = await decode(path, { size, channels: 1, fit: 'fill' })
      expect([...new Set(found)]).toEqual([Math.round(0.299 * r + 0.587 * g + 0.114 * b)])
    }
  })

  // Left half red, right half blue: 4 wide, 2 high.
  it.each<[ImageForm['fit'], number[]]>([
    ['fill', [255, 0, 255, 0]],
    ['cover', [255, 0, 255, 0]],
    ['contain', [0, 0, 0, 0]],
  ])('%s: brings another form to the size', async (fit, redOfCorners) => {
    const path = join(folder, `halves-${fit}.png`)
    const row = [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]
    await sharp(Buffer.from([...row, ...row]), { raw: { width: 4, height: 2, channels: 3 } }).toFile(path)
    const found = await decode(path, { size: [4, 4], fit })
    const red = (y: number, x: number) => (found[(y * 4 + x) * 3]! > 127 ? 255 : 0)
    expect([red(0, 0), red(0, 3), red(3, 0), red(3, 3)]).toEqual(redOfCorners)
    // In the middle of the height, all have both colours.
    expect([red(2, 0), red(2, 3)]).toEqual([255, 0])
  })

  it('rotates images by their EXIF orientation', async () => {
    const path = join(folder, 'turned.jpg')
    const image = sharp(Buffer.from([0, 0, 0, 255, 255, 255]), { raw: { width: 2, height: 1, channels: 3 } })
    await image.jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toFile(path)
    const [top, bottom] = await decode(path, { size: [2, 1], channels: 1 })
    expect([top! < 50, bottom! > 200]).toEqual([true, true])
  })

  it('refuses files that are not images', async () => {
    const path = join(folder, 'text.png')
    writeFileSync(path, 'not an image')
    await expect(decode(path, {})).rejects.toThrow(/unsupported image format/)
  })
})
