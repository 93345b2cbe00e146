/** The order of the axes of arrays, whose numbers are listed with the last axis fastest. */

interface NumberArray<Values extends Float32Array | Float64Array> {
  readonly shape: readonly number[]
  readonly values: Values
}

/** The distance of neighbors along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1]! * shape[axis + 1]!
  return strides
}

/** Returns an array with its axes in another order: axis k of the result is axis `order[k]` of the given one. */
export function permuteAxes<Values extends Float32Array | Float64Array>(
  { shape, values }: NumberArray<Values>,
  order: readonly number[],
): NumberArray<Values> {
  const given = stridesOf(shape)
  const strides = order.map((axis) => given[axis]!)
  const sizes = order.map((axis) => shape[axis]!)
  const permuted = values.slice() as Values
  const index = sizes.map(() => 0)
  for (let to = 0, from = 0; to < permuted.length; to += 1) {
    permuted[to] = values[from]!
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1
      from += strides[axis]!
      if (index[axis]! < sizes[axis]!) break
      from -= strides[axis]! * sizes[axis]!
      index[axis] = 0
    }
  }
  return { shape: sizes, values: permuted }
}
