/**
 * Sizes and shapes. A size is a number, or an expression over sizes that are known only at run time: `null` in an input
 * shape becomes a symbol (`H`), and layers compute expressions from it (`2H`, `⌊(H-1)/2⌋`) instead of losing it.
 * Shapes leave out the batch and are channels last, as in a spec.
 */

/** `times` · `atom` + `plus`, where the atom is a symbol or an expression that cannot be simplified further. */
export interface SymbolicDim {
  readonly atom: string
  readonly times: number
  readonly plus: number
}

export type Dim = number | SymbolicDim
export type Shape = readonly Dim[]

/** Whether a size is a number; false for undefined, an axis that a shape does not have. */
export function isKnown(dim: Dim | undefined): dim is number {
  return typeof dim === 'number'
}

export function isFullyKnown(shape: Shape): shape is readonly number[] {
  return shape.every(isKnown)
}

export function symbol(name: string): SymbolicDim {
  return { atom: name, times: 1, plus: 0 }
}

export function addDim(dim: Dim, plus: number): Dim {
  return isKnown(dim) ? dim + plus : { ...dim, plus: dim.plus + plus }
}

export function scaleDim(dim: Dim, times: number): Dim {
  if (isKnown(dim)) return dim * times
  return times === 0 ? 0 : { atom: dim.atom, times: dim.times * times, plus: dim.plus * times }
}

export function sumDims(a: Dim, b: Dim): Dim {
  if (isKnown(a)) return addDim(b, a)
  if (isKnown(b)) return addDim(a, b)
  if (a.atom !== b.atom) return { atom: `(${formatDim(a)}+${formatDim(b)})`, times: 1, plus: 0 }
  const times = a.times + b.times
  return times === 0 ? a.plus + b.plus : { atom: a.atom, times, plus: a.plus + b.plus }
}

export function multiplyDims(a: Dim, b: Dim): Dim {
  if (isKnown(a)) return scaleDim(b, a)
  if (isKnown(b)) return scaleDim(a, b)
  if (a.plus === 0 && b.plus === 0) return { atom: `${a.atom}·${b.atom}`, times: a.times * b.times, plus: 0 }
  return { atom: `${parenthesize(a)}·${parenthesize(b)}`, times: 1, plus: 0 }
}

export function productOf(shape: Shape): Dim {
  return shape.reduce(multiplyDims, 1)
}

/** The number of elements of a shape, or 0 if it is unknown. */
export function knownSize(shape: Shape): number {
  const size = productOf(shape)
  return isKnown(size) ? size : 0
}

/** ⌊dim / divisor⌋. Multiples of the divisor are moved out of the floor: ⌊(2H+3)/2⌋ = H+1. */
export function floorDivide(dim: Dim, divisor: number): Dim {
  if (isKnown(dim)) return Math.floor(dim / divisor)
  if (divisor === 1) return dim
  if (dim.times % divisor === 0) {
    return { atom: dim.atom, times: dim.times / divisor, plus: Math.floor(dim.plus / divisor) }
  }
  return { atom: `⌊${parenthesize(dim)}/${divisor}⌋`, times: 1, plus: 0 }
}

/** ⌈dim / divisor⌉ = ⌊(dim + divisor - 1) / divisor⌋. */
export function ceilDivide(dim: Dim, divisor: number): Dim {
  return floorDivide(addDim(dim, divisor - 1), divisor)
}

export function sameDim(a: Dim, b: Dim): boolean {
  if (isKnown(a) || isKnown(b)) return a === b
  return a.atom === b.atom && a.times === b.times && a.plus === b.plus
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis]!))
}

export function formatDim(dim: Dim): string {
  if (isKnown(dim)) return String(dim)
  const factor = dim.times === 1 ? '' : dim.times === -1 ? '-' : String(dim.times)
  const sum = dim.plus === 0 ? '' : dim.plus > 0 ? `+${dim.plus}` : String(dim.plus)
  return `${factor}${dim.atom}${sum}`
}

/** `28x28x32`; a shape without axes is `scalar`. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.map(formatDim).join('x')
}

/** The shape as in a spec and in JSON, where an unknown size is null. */
export function toJsonShape(shape: Shape): (number | null)[] {
  return shape.map((dim) => (isKnown(dim) ? dim : null))
}

const axisNames: Readonly<Record<number, readonly string[]>> = {
  1: ['D'],
  2: ['T', 'C'],
  3: ['H', 'W', 'C'],
  4: ['D', 'H', 'W', 'C'],
}

/** The shape that an input declares; each null becomes a symbol named after its axis: [null, null, 3] is HxWx3. */
export function declaredShape(sizes: readonly (number | null)[]): Shape {
  const names = axisNames[sizes.length]
  return sizes.map((size, axis) => size ?? symbol(names?.[axis] ?? `D${axis + 1}`))
}

function parenthesize(dim: SymbolicDim): string {
  return dim.plus === 0 ? formatDim(dim) : `(${formatDim(dim)})`
}
