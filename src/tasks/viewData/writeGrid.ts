/** Draws a grid of images with their labels as one picture, for a PNG file or a terminal with graphics. */
import type { OverlayOptions, Sharp } from 'sharp'
import { unreadableData } from '../../system/knownError.ts'
import { isOwnPicture, ownMark } from '../../system/marks.ts'
import { writeOutput } from '../../system/writeOutput.ts'
import { maskControls } from '../../system/controlCharacters.ts'

export interface LabelledPicture {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array
  readonly label: string
}

/** Smaller images are enlarged to be visible, each pixel to a square. */
const leastSide = 64
const captionHeight = 16
const gap = 6

/**
 * @param force Whether a file that Shapewright did not write is replaced.
 * @throws KnownError if the package `sharp` cannot be loaded or the file cannot be written.
 */
export async function writeGrid(path: string, pictures: readonly LabelledPicture[], force = false): Promise<void> {
  const grid = await drawGrid(pictures)
  const bytes = await grid
    .withExif({ IFD0: { Software: ownMark } })
    .png()
    .toBuffer()
  writeOutput([{ path, content: [bytes], isOurs: isOwnPicture }], { force })
}

/** @throws KnownError if the package `sharp` cannot be loaded. */
export async function drawGrid(pictures: readonly LabelledPicture[]): Promise<Sharp> {
  const loaded = await import('sharp').catch(() => undefined)
  if (loaded === undefined)
    throw unreadableData(
      'Writing images requires the package sharp, which cannot be loaded.',
      'Run `npm install sharp`.',
    )
  const { default: sharp } = loaded
  const columns = Math.ceil(Math.sqrt(pictures.length))
  const { width, height } = pictures[0]!
  const scale = Math.max(1, Math.ceil(leastSide / Math.min(width, height)))
  const [cellWidth, cellHeight] = [width * scale + gap, height * scale + captionHeight + gap]
  const parts = await Promise.all(
    pictures.map(async ({ pixels, label }, index): Promise<OverlayOptions[]> => {
      const left = gap + (index % columns) * cellWidth
      const top = gap + Math.floor(index / columns) * cellHeight
      const picture = sharp(pixels, { raw: { width, height, channels: 3 } })
      const enlarged = picture.resize(width * scale, height * scale, { kernel: 'nearest' })
      return [
        { input: await enlarged.png().toBuffer(), left, top },
        { input: Buffer.from(caption(label, width * scale)), left, top: top + height * scale },
      ]
    }),
  )
  const whole = {
    width: gap + columns * cellWidth,
    height: gap + Math.ceil(pictures.length / columns) * cellHeight,
    channels: 3 as const,
    background: '#ffffff',
  }
  return sharp({ create: whole }).composite(parts.flat())
}

/** Draws a label as SVG, cut to the width of the image. */
function caption(name: string, width: number): string {
  // XML does not allow control characters.
  const label = maskControls(name)
  const letters = Math.floor(width / 6)
  const shown = label.length > letters ? `${label.slice(0, Math.max(1, letters - 1))}…` : label
  const text = shown.replaceAll(/[<&]/g, (sign) => (sign === '<' ? '&lt;' : '&amp;'))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${captionHeight}"><text x="${width / 2}" y="12" font-family="sans-serif" font-size="11" text-anchor="middle">${text}</text></svg>`
}
