/** Draws numbers as PNG pictures in data URLs. Loads sharp only when pictures are drawn. */
import type { Sharp } from 'sharp'
import { BatchReader } from '../../runtime/data/batches.ts'
import type { Samples } from '../../runtime/data/samples.ts'
import type { Picture } from './inspection.ts'

/** Larger pictures are shrunk, so a page with many of them stays small. */
const longestSide = 128

/** Whether samples are images: height, width, and 1 or 3 channels. */
export function areImages({ sampleShape }: Samples): boolean {
  return sampleShape.length === 3 && [1, 3].includes(sampleShape[2]!)
}

/** Draws the samples with these indices, at the input size of the network, without normalization. */
export async function pictureSamples(
  samples: Samples,
  indices: readonly number[],
  draw: DrawPixels,
): Promise<Picture[]> {
  const [height, width, channels] = samples.sampleShape as [number, number, number]
  const { normalization: _normalization, ...plain } = samples
  const reader = new BatchReader(plain)
  const order = Int32Array.from(indices)
  const values = new Float32Array(height * width * channels)
  const label = new Int32Array(1)
  const pictures: Picture[] = []
  for (const position of order.keys()) {
    await reader.prepare(order, position, position + 1)
    reader.gather(order, position, position + 1, values, label)
    pictures.push(await draw(toBytes(values), width, height, channels))
  }
  reader.release()
  return pictures
}

/** Scales values to bytes: 0 to 1 if they are in this range, otherwise from the least to the largest. */
function toBytes(values: Float32Array): Uint8Array {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
  const [from, to] = low >= 0 && high <= 1 ? [0, 1] : [low, high]
  return Uint8Array.from(values, (value) => Math.round((255 * (value - from)) / (to - from || 1)))
}

/** @param channels 1 for grey, 3 for colour, 4 for colour with transparency. */
export type DrawPixels = (pixels: Uint8Array, width: number, height: number, channels: number) => Promise<Picture>

/** Undefined if sharp cannot be loaded, such as on a platform that it is not built for: a run is valid without pictures. */
export async function pictureDrawer(): Promise<DrawPixels | undefined> {
  const loaded = await import('sharp').catch(() => undefined)
  return (
    loaded &&
    ((pixels, width, height, channels) => {
      const raw = { width, height, channels: channels as 1 | 3 | 4 }
      return encode(shrink(loaded.default(pixels, { raw }), width, height))
    })
  )
}

async function encode(image: Sharp): Promise<Picture> {
  const { data, info } = await image.png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, url: `data:image/png;base64,${data.toString('base64')}` }
}

function shrink(image: Sharp, width: number, height: number): Sharp {
  const isLarge = Math.max(width, height) > longestSide
  return isLarge ? image.resize(longestSide, longestSide, { fit: 'inside' }) : image
}
