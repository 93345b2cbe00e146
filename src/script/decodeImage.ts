/** Decodes image files with the package sharp. */
import { convertChannels, premultiplyColours, unpremultiplyColours } from './pixelChannels.ts'
import { type ImageFit, type ImagePlacement, placeImage } from './placeImage.ts'
import { resampleImage } from './resampleImage.ts'

/** The size and channels to which every image is converted. */
export interface ImageForm {
  /** Height and width. */
  readonly size: readonly [number, number]
  /** 1: grey, 3: RGB, 4: RGB and opacity. */
  readonly channels: 1 | 3 | 4
  readonly fit: ImageFit
}

export type SharpLibrary = typeof import('sharp').default
type Sharp = import('sharp').Sharp

/**
 * Decodes an image file to bytes, row by row, the channels of a pixel side by side, rotated by its EXIF orientation.
 *
 * Images that are enlarged along an axis are resampled here, because libvips shifts them by half a pixel of the result
 * along both axes (https://github.com/libvips/libvips/issues/4841).
 */
export async function decodeImage(sharp: SharpLibrary, file: Uint8Array, form: ImageForm): Promise<Uint8Array> {
  const open = (): Sharp => sharp(file, { failOn: 'error', autoOrient: true })
  const { autoOrient, hasAlpha } = await open().metadata()
  const from = [autoOrient.height, autoOrient.width] as const
  const placement = placeImage(from, form.size, form.fit)
  const [height, width] = placement.scaled
  const isEnlarged = height > from[0] || width > from[1]
  const isResized = height !== from[0] || width !== from[1]
  if (isEnlarged) return await enlargeImage(open(), form, placement)
  // If opacity is dropped, it is dropped before resizing, so the colours of transparent pixels count as well.
  const dropsOpacity = hasAlpha && form.channels !== 4 && isResized
  return await reduceImage(dropsOpacity ? await withoutOpacity(sharp, open()) : open(), form, placement)
}

async function withoutOpacity(sharp: SharpLibrary, image: Sharp): Promise<Sharp> {
  const { pixels, height, width, channels } = await rawPixels(image.removeAlpha())
  return sharp(pixels, { raw: { height, width, channels: channels as 1 | 3 } })
}

async function reduceImage(
  image: Sharp,
  { size, channels }: ImageForm,
  { scaled, margins }: ImagePlacement,
): Promise<Uint8Array> {
  // Shrinking a JPEG file while it is decoded loses a part of its last pixels, unless a factor of 2 remains.
  const resized = image.resize({ height: scaled[0], width: scaled[1], fit: 'fill', fastShrinkOnLoad: false })
  const placed = placeOnCanvas(resized, size, margins)
  const found = await rawPixels(channels === 4 ? placed.ensureAlpha() : placed.removeAlpha())
  if (found.height !== size[0] || found.width !== size[1]) {
    throw new RangeError(`it decodes to ${found.height}x${found.width} instead of ${size[0]}x${size[1]}`)
  }
  return convertChannels(found.pixels, found.channels, channels)
}

/** Crops the image by its margins, or adds black ones: both margins have the same sign. */
function placeOnCanvas(
  image: Sharp,
  [height, width]: ImageForm['size'],
  [vertical, horizontal]: ImagePlacement['margins'],
): Sharp {
  if (vertical > 0 || horizontal > 0) return image.extract({ top: vertical, left: horizontal, height, width })
  const [top, left] = [-vertical, -horizontal]
  const background = { r: 0, g: 0, b: 0, alpha: 1 }
  return top > 0 || left > 0 ? image.extend({ top, left, bottom: top, right: left, background }) : image
}

async function enlargeImage(
  image: Sharp,
  { size, channels }: ImageForm,
  { scaled, margins, region }: ImagePlacement,
): Promise<Uint8Array> {
  const {
    pixels,
    height,
    width,
    channels: found,
  } = await rawPixels(channels === 4 ? image.ensureAlpha() : image.removeAlpha())
  const given = convertChannels(pixels, found, channels)
  const seen = { pixels: channels === 4 ? premultiplyColours(given) : given, height, width }
  const inside = [Math.min(scaled[0], size[0]), Math.min(scaled[1], size[1])] as const
  const resampled = resampleImage(seen, channels, region, inside)
  const enlarged = channels === 4 ? unpremultiplyColours(resampled) : resampled
  if (inside[0] === size[0] && inside[1] === size[1]) return enlarged
  return surroundByBlack(enlarged, inside, { size, channels, margins })
}

function surroundByBlack(
  pixels: Uint8Array,
  [height, width]: readonly [number, number],
  { size, channels, margins }: Pick<ImageForm, 'size' | 'channels'> & Pick<ImagePlacement, 'margins'>,
): Uint8Array {
  const result = new Uint8Array(size[0] * size[1] * channels)
  if (channels === 4) for (let at = 3; at < result.length; at += 4) result[at] = 255
  for (let row = 0; row < height; row++) {
    const to = ((row + Math.max(0, -margins[0])) * size[1] + Math.max(0, -margins[1])) * channels
    result.set(pixels.subarray(row * width * channels, (row + 1) * width * channels), to)
  }
  return result
}

interface RawImage {
  readonly pixels: Buffer
  readonly height: number
  readonly width: number
  readonly channels: number
}

async function rawPixels(image: Sharp): Promise<RawImage> {
  const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { pixels: data, height: info.height, width: info.width, channels: info.channels }
}
