/** The number of columns of a matrix, rounded up to whole panels of eight. */
export function panelWidth(columns: number): number {
  return Math.ceil(columns / 8) * 8
}

/** The most samples of which `UpdateByProduct` sums a gradient: `STEPS` in `assembly/multiplyMatrices.ts`. */
export const samplesSummedAtOnce = 256

/** The addresses of a convolution's filter in panels (see `packPanels`), its bias (or 0) and its outputs. */
export interface PackedProduct {
  readonly panels: number
  readonly bias: number
  readonly out: number
  /** The address of the places of pooled outputs, if they are pooled. */
  readonly places?: number
  readonly relu: boolean
}
