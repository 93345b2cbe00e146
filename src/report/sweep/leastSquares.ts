/**
 * Fits a linear model and returns the sum of its squared residuals. The columns are made orthogonal one by one (the modified
 * Gram-Schmidt method); a column that depends on those before it adds nothing.
 *
 * @param columns A column of values for each term, as long as `values`.
 */
export function residualSquares(columns: readonly (readonly number[])[], values: readonly number[]): number {
  const basis: number[][] = []
  let rest = [...values]
  for (const column of columns) {
    let own = [...column]
    // The second pass removes what rounding left of the first.
    for (const one of [...basis, ...basis]) own = without(own, one)
    const norm = Math.sqrt(product(own, own))
    if (norm <= 1e-9 * Math.sqrt(product(column, column))) continue
    const unit = own.map((value) => value / norm)
    basis.push(unit)
    rest = without(rest, unit)
  }
  return product(rest, rest)
}

function without(values: readonly number[], unit: readonly number[]): number[] {
  const part = product(values, unit)
  return values.map((value, index) => value - part * unit[index]!)
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}
