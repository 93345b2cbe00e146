import type { ImageRegion } from './resampleImage.ts'

/** How an image of other proportions is made to fit: cut at its edges, with black bars, or distorted. */
export type ImageFit = 'cover' | 'contain' | 'fill'

/** What is done to an image so that it fits. */
export interface ImagePlacement {
  /** The height and width that the whole image is resized to. */
  readonly scaled: readonly [number, number]
  /** How many rows and columns are cut off (positive) or added (negative) at each of two opposite edges. */
  readonly margins: readonly [number, number]
  /** The part of the image that is seen, exactly; it may reach half a pixel beyond it. */
  readonly region: ImageRegion
}

/**
 * Fits an image to a size. Its middle stays in the middle: margins at opposite edges are equal, for which a length of the resized image
 * may differ by one from what its proportions ask for.
 *
 * @param from Height and width, as is `to`.
 */
export function placeImage(
  from: readonly [number, number],
  to: readonly [number, number],
  fit: ImageFit,
): ImagePlacement {
  const scales = [to[0] / from[0], to[1] / from[1]] as const
  const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales)
  const scaled = [0, 1].map((axis) =>
    fit === 'fill' ? to[axis]! : evenlyPlaced(from[axis]! * scale, to[axis]!),
  ) as unknown as readonly [number, number]
  const margins = [(scaled[0] - to[0]) / 2, (scaled[1] - to[1]) / 2] as const
  const [height, width] =
    fit === 'fill' ? from : [Math.min(scaled[0], to[0]) / scale, Math.min(scaled[1], to[1]) / scale]
  return { scaled, margins, region: { top: (from[0] - height) / 2, left: (from[1] - width) / 2, height, width } }
}

/** The length nearest to `exact` that differs from `available` by an even number; at least one pixel. */
function evenlyPlaced(exact: number, available: number): number {
  const length = available + 2 * Math.round((exact - available) / 2)
  return length > 0 ? length : 2 - (available % 2)
}
