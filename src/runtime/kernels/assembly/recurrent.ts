/**
 * The elementwise part of one step of recurrent cells, forward and backward. Matrices have a row for each sample. A pointer of
 * 0 for the state before the step stands for zeros.
 */
import { loadLow, storeLow } from './lanes'

/**
 * Replaces the sums of the gates i, f, g, o [batch, 4 * units] by the gates, and computes the next state of an LSTM:
 * c = f · before + i · g, h = o · tanh(c).
 *
 * @param gates the product of the input, with the bias
 * @param recurrent the product of the state, in the same shape, or 0 for the first step
 * @param outStep the bytes between the rows of `out`
 * @param hard 1 for hard sigmoids
 */
export function lstmStep(
  gates: usize, recurrent: usize, before: usize, cells: usize, out: usize, outStep: usize,
  batch: i32, units: i32, hard: i32,
): void {
  const part = <usize>units * 4
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const input = sigmoid(sumOf(gates, recurrent, at, count), hard)
      const forget = sigmoid(sumOf(gates, recurrent, at + part, count), hard)
      const proposed = tanh(sumOf(gates, recurrent, at + 2 * part, count))
      const output = sigmoid(sumOf(gates, recurrent, at + 3 * part, count), hard)
      const kept = f32x4.mul(forget, loadOr0(before, at, count))
      const cell = f32x4.add(kept, f32x4.mul(input, proposed))
      storeLow(gates + at, input, count)
      storeLow(gates + at + part, forget, count)
      storeLow(gates + at + 2 * part, proposed, count)
      storeLow(gates + at + 3 * part, output, count)
      storeLow(cells + at, cell, count)
      storeLow(out + at, f32x4.mul(output, tanh(cell)), count)
    }
    gates += 4 * part
    if (recurrent) recurrent += 4 * part
    if (before) before += part
    cells += part
    out += outStep
  }
}

/**
 * The gradients of the sums of an LSTM's gates: `slopes` [batch, 4 * units].
 *
 * @param dOut the gradient of `out`; its rows are `outStep` bytes apart
 * @param dState the gradient of the state as the next step uses it [batch, units], or 0 for the last step
 * @param dCells the gradient of the cells as the next step uses them, replaced by that of the cells before this step
 */
export function lstmStepGradient(
  dOut: usize, outStep: usize, dState: usize, gates: usize, before: usize, cells: usize, dCells: usize, slopes: usize,
  batch: i32, units: i32, hard: i32,
): void {
  const part = <usize>units * 4
  const one = f32x4.splat(1)
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const input = loadLow(gates + at, count)
      const forget = loadLow(gates + at + part, count)
      const proposed = loadLow(gates + at + 2 * part, count)
      const output = loadLow(gates + at + 3 * part, count)
      const dh = f32x4.add(loadLow(dOut + at, count), loadOr0(dState, at, count))
      const shown = tanh(loadLow(cells + at, count))
      const ofShown = f32x4.mul(f32x4.mul(dh, output), f32x4.sub(one, f32x4.mul(shown, shown)))
      const dc = f32x4.add(loadLow(dCells + at, count), ofShown)
      const dInput = f32x4.mul(f32x4.mul(dc, proposed), sigmoidSlope(input, hard))
      const dForget = f32x4.mul(f32x4.mul(dc, loadOr0(before, at, count)), sigmoidSlope(forget, hard))
      const dProposed = f32x4.mul(f32x4.mul(dc, input), f32x4.sub(one, f32x4.mul(proposed, proposed)))
      const dOutput = f32x4.mul(f32x4.mul(dh, shown), sigmoidSlope(output, hard))
      storeLow(slopes + at, dInput, count)
      storeLow(slopes + at + part, dForget, count)
      storeLow(slopes + at + 2 * part, dProposed, count)
      storeLow(slopes + at + 3 * part, dOutput, count)
      storeLow(dCells + at, f32x4.mul(dc, forget), count)
    }
    dOut += outStep
    if (dState) dState += part
    gates += 4 * part
    if (before) before += part
    cells += part
    dCells += part
    slopes += 4 * part
  }
}

// @ts-ignore: decorator
@inline
export function sumOf(values: usize, others: usize, at: usize, count: i32): v128 {
  const value = loadLow(values + at, count)
  return others ? f32x4.add(value, loadLow(others + at, count)) : value
}

// @ts-ignore: decorator
@inline
export function loadOr0(values: usize, at: usize, count: i32): v128 {
  return values ? loadLow(values + at, count) : f32x4.splat(0)
}

/** 1 / (1 + e^-x), as (1 + tanh(x / 2)) / 2, or the hard sigmoid: 0.2 x + 0.5, clipped to the range from 0 to 1. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128, hard: i32): v128 {
  const half = f32x4.splat(0.5)
  if (hard) {
    const line = f32x4.add(f32x4.mul(x, f32x4.splat(0.2)), half)
    return f32x4.min(f32x4.max(line, f32x4.splat(0)), f32x4.splat(1))
  }
  return f32x4.add(f32x4.mul(tanh(f32x4.mul(x, half)), half), half)
}

/** The derivative of the sigmoid by its value y: y (1 - y), or 0.2 for a hard sigmoid that was not clipped. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function sigmoidSlope(y: v128, hard: i32): v128 {
  const one = f32x4.splat(1)
  if (hard) {
    const clipped = v128.or(f32x4.le(y, f32x4.splat(0)), f32x4.ge(y, one))
    return v128.andnot(f32x4.splat(0.2), clipped)
  }
  return f32x4.mul(y, f32x4.sub(one, y))
}

/**
 * tanh(x) within 4e-7, by the rational function that Eigen and TensorFlow use: x times a polynomial of x², over another one.
 * From 7.9988 on the result is the largest float below 1.
 */
// @ts-ignore: decorator
@inline
export function tanh(given: v128): v128 {
  const x = f32x4.min(f32x4.max(given, f32x4.splat(-7.99881172180175781)), f32x4.splat(7.99881172180175781))
  const square = f32x4.mul(x, x)
  let above = f32x4.splat(-2.76076847742355e-16)
  above = next(above, square, 2.00018790482477e-13)
  above = next(above, square, -8.60467152213735e-11)
  above = next(above, square, 5.12229709037114e-8)
  above = next(above, square, 1.48572235717979e-5)
  above = next(above, square, 6.37261928875436e-4)
  above = next(above, square, 4.89352455891786e-3)
  let below = f32x4.splat(1.19825839466702e-6)
  below = next(below, square, 1.18534705686654e-4)
  below = next(below, square, 2.268434632439e-3)
  below = next(below, square, 4.89352518554385e-3)
  return f32x4.div(f32x4.mul(above, x), below)
}

/** One step of Horner's rule: sum · x + coefficient. */
// @ts-ignore: decorator
@inline
function next(sum: v128, x: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, x), f32x4.splat(coefficient))
}
