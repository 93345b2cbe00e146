/** The columns of a matrix, rounded up to whole panels of eight. */
export function panelWidth(columns: number): number {
  return Math.ceil(columns / 8) * 8
}

/** A convolution's filter in panels, see packPanels, its bias or 0, and where the result goes: all addresses. */
export interface PackedProduct {
  readonly panels: number
  readonly bias: number
  readonly out: number
  readonly relu: boolean
}
