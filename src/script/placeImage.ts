/** Fits images to a size. */
import type { ImageRegion } from './resampleImage.ts'

/** How an image of another aspect ratio is fitted: cropped, with black bars, or distorted. */
export type ImageFit = 'cover' | 'contain' | 'fill'

/** The scale and position of an image that fit it to a size. */
export interface ImagePlacement {
  /** The height and width of the whole resized image. */
  readonly scaled: readonly [number, number]
  /** The rows and columns to crop (positive) or to add (negative) at each of two opposite edges. */
  readonly margins: readonly [number, number]
  /** The exact visible region of the image; it may extend half a pixel beyond the image. */
  readonly region: ImageRegion
}

/**
 * Fits an image to a size and centers it: margins at opposite edges are equal, so a side of the resized image may differ
 * by one pixel from the exact aspect ratio.
 *
 * @param from The height and width of the image.
 */
export function placeImage(
  from: readonly [number, number],
  to: readonly [number, number],
  fit: ImageFit,
): ImagePlacement {
  const scales = [to[0] / from[0], to[1] / from[1]] as const
  const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales)
  const scaled =
    fit === 'fill' ? to : ([evenlyPlaced(from[0] * scale, to[0]), evenlyPlaced(from[1] * scale, to[1])] as const)
  const margins = [(scaled[0] - to[0]) / 2, (scaled[1] - to[1]) / 2] as const
  const [height, width] =
    fit === 'fill' ? from : [Math.min(scaled[0], to[0]) / scale, Math.min(scaled[1], to[1]) / scale]
  return { scaled, margins, region: { top: (from[0] - height) / 2, left: (from[1] - width) / 2, height, width } }
}

/** The length closest to `exact` that differs from `available` by an even number; at least one pixel. */
function evenlyPlaced(exact: number, available: number): number {
  const length = available + 2 * Math.round((exact - available) / 2)
  return length > 0 ? length : 2 - (available % 2)
}
