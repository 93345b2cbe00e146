/** An optimizer whose steps callbacks can make smaller or larger; `rateFactor` multiplies its learning rate, 1 at first. */
export interface ScalableOptimizer {
  rateFactor: number
}

export function hasRateFactor(optimizer: object): optimizer is ScalableOptimizer {
  return 'rateFactor' in optimizer
}
