/**
 * The elementwise parts of one step of a gated recurrent unit, forward and backward. Matrices have a row for each sample; rows
 * of the states are `stateStep` bytes apart. `before`, the state before the step, is 0 for zeros.
 */
import { loadLow, storeLow } from './lanes'
import { loadOr0, sigmoid, sigmoidSlope, sumOf, tanh } from './recurrent'

/**
 * Replaces the sums of the gates z and r, the first two parts of `gates` [batch, 3 * units], by the gates, and computes
 * reset = r · before.
 *
 * @param recurrent the product of the state with the kernels of z and r [batch, 2 * units], or 0 for the first step
 * @param hard 1 for hard sigmoids
 */
export function gruReset(
  gates: usize, recurrent: usize, before: usize, reset: usize, stateStep: usize, batch: i32, units: i32, hard: i32,
): void {
  const part = <usize>units * 4
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const gate = sigmoid(sumOf(gates, recurrent, at + part, count), hard)
      storeLow(gates + at, sigmoid(sumOf(gates, recurrent, at, count), hard), count)
      storeLow(gates + at + part, gate, count)
      storeLow(reset + at, f32x4.mul(gate, loadOr0(before, at, count)), count)
    }
    gates += 3 * part
    if (recurrent) recurrent += 2 * part
    if (before) before += stateStep
    reset += stateStep
  }
}

/**
 * Replaces the third part of `gates` by the proposed state p = tanh(sum), and computes the next state:
 * out = z · before + (1 - z) · p.
 *
 * @param recurrent the product of `reset` with the kernel of p [batch, units], or 0 for the first step
 */
export function gruStep(
  gates: usize, recurrent: usize, before: usize, out: usize, stateStep: usize, batch: i32, units: i32,
): void {
  const part = <usize>units * 4
  const one = f32x4.splat(1)
  for (let n = 0; n < batch; n++) {
    const sums = gates + 2 * part
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const update = loadLow(gates + at, count)
      const proposed = tanh(sumOf(sums, recurrent, at, count))
      const kept = f32x4.mul(update, loadOr0(before, at, count))
      storeLow(sums + at, proposed, count)
      storeLow(out + at, f32x4.add(kept, f32x4.mul(f32x4.sub(one, update), proposed)), count)
    }
    gates += 3 * part
    if (recurrent) recurrent += part
    if (before) before += stateStep
    out += stateStep
  }
}

/**
 * The gradients of the sums of z and p, the first and third part of `slopes` [batch, 3 * units], and that part of the gradient
 * of `before` that goes through z · before.
 *
 * @param dBefore [batch, units]: given as that part for the next step, and replaced by that for this one
 * @param dRecurrent the rest of the gradient of the state as the next step uses it, or 0 for the last step
 */
export function gruStepGradient(
  dOut: usize, stateStep: usize, dBefore: usize, dRecurrent: usize, gates: usize, before: usize, slopes: usize,
  batch: i32, units: i32, hard: i32,
): void {
  const part = <usize>units * 4
  const one = f32x4.splat(1)
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const update = loadLow(gates + at, count)
      const proposed = loadLow(gates + at + 2 * part, count)
      const dState = f32x4.add(loadLow(dBefore + at, count), loadOr0(dRecurrent, at, count))
      const dh = f32x4.add(loadLow(dOut + at, count), dState)
      const difference = f32x4.sub(loadOr0(before, at, count), proposed)
      const dProposed = f32x4.mul(f32x4.mul(dh, f32x4.sub(one, update)), f32x4.sub(one, f32x4.mul(proposed, proposed)))
      storeLow(slopes + at, f32x4.mul(f32x4.mul(dh, difference), sigmoidSlope(update, hard)), count)
      storeLow(slopes + at + 2 * part, dProposed, count)
      storeLow(dBefore + at, f32x4.mul(dh, update), count)
    }
    dOut += stateStep
    dBefore += part
    if (dRecurrent) dRecurrent += part
    gates += 3 * part
    if (before) before += stateStep
    slopes += 3 * part
  }
}

/**
 * The gradient of the sum of r, the second part of `slopes`, and that part of the gradient of `before` that goes through
 * r · before, which is added to `dBefore`.
 *
 * @param dReset the gradient of `reset` [batch, units]
 */
export function gruResetGradient(
  dReset: usize, gates: usize, before: usize, stateStep: usize, slopes: usize, dBefore: usize,
  batch: i32, units: i32, hard: i32,
): void {
  const part = <usize>units * 4
  for (let n = 0; n < batch; n++) {
    for (let u = 0; u < units; u += 4) {
      const count = units - u
      const at = <usize>u * 4
      const gate = loadLow(gates + at + part, count)
      const dr = f32x4.mul(loadLow(dReset + at, count), loadOr0(before, at, count))
      const through = f32x4.mul(loadLow(dReset + at, count), gate)
      storeLow(slopes + at + part, f32x4.mul(dr, sigmoidSlope(gate, hard)), count)
      storeLow(dBefore + at, f32x4.add(loadLow(dBefore + at, count), through), count)
    }
    dReset += part
    gates += 3 * part
    if (before) before += stateStep
    slopes += 3 * part
    dBefore += part
  }
}
