import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'

/** An image of one colour. The format follows from the name. */
export async function writeImage(
  path: string,
  { width = 6, height = 4, colour = [0, 0, 0] }: { width?: number; height?: number; colour?: readonly number[] } = {},
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const [r = 0, g = 0, b = 0] = colour
  const image = sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
  await (path.endsWith('.webp') ? image.webp({ lossless: true }) : image).toFile(path)
}

/** Writes images of one colour for each path under `folder`: of the class that its folder names, and of this number. */
export async function writeImages(folder: string, paths: readonly string[]): Promise<void> {
  const classes = [...new Set(paths.map((path) => dirname(path).split('/').at(-1)!))].toSorted()
  for (const [number, path] of paths.entries()) {
    const label = classes.indexOf(dirname(path).split('/').at(-1)!)
    await writeImage(join(folder, path), { colour: [label * 40, number, 200] })
  }
}

/** An image whose second half is missing. */
export async function writeTruncatedImage(path: string): Promise<void> {
  const pixels = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 37) % 251))
  const bytes = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes.subarray(0, bytes.length / 2))
}
