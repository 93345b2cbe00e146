/**
 * The update rules of the optimizers. Each function updates the elements of a weight and of its slots in place, by the float32
 * operations of the rule's `.run.ts` in the same order, so that the results are equal bit for bit.
 *
 * `descent` is the address of the negative learning rate, and so are the other numbers that change by step; constants of
 * the rule are passed as they are.
 */
import { loadLow, storeLow } from './lanes'

/** w + descent · g */
export function updateBySgd(weight: usize, gradient: usize, descent: usize, size: i32): void {
  const down = v128.load_splat<f32>(descent)
  // Four vectors at once: memory is faster than a loop of one.
  for (; size >= 16; size -= 16) {
    const a = f32x4.mul(down, v128.load(gradient)), b = f32x4.mul(down, v128.load(gradient, 16))
    const c = f32x4.mul(down, v128.load(gradient, 32)), d = f32x4.mul(down, v128.load(gradient, 48))
    v128.store(weight, f32x4.add(a, v128.load(weight))), v128.store(weight, f32x4.add(b, v128.load(weight, 16)), 16)
    v128.store(weight, f32x4.add(c, v128.load(weight, 32)), 32), v128.store(weight, f32x4.add(d, v128.load(weight, 48)), 48)
    weight += 64, gradient += 64
  }
  for (; size > 0; size -= 4) {
    const along = f32x4.mul(down, loadLow(gradient, size))
    storeLow(weight, f32x4.add(along, loadLow(weight, size)), size)
    weight += 16, gradient += 16
  }
}

/** v ← decay · v + g; w + descent · v, or w + descent · (g + decay · v) if `nesterov` is 1. */
export function updateByMomentum(
  weight: usize, velocity: usize, gradient: usize, descent: usize, size: i32, decay: f32, nesterov: f32,
): void {
  const down = v128.load_splat<f32>(descent)
  const decays = f32x4.splat(decay)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const next = f32x4.add(f32x4.mul(decays, loadLow(velocity, size)), g)
    const along = nesterov != 0 ? f32x4.add(g, f32x4.mul(next, decays)) : next
    storeLow(weight, f32x4.add(f32x4.mul(down, along), loadLow(weight, size)), size)
    storeLow(velocity, next, size)
    weight += 16, velocity += 16, gradient += 16
  }
}

/**
 * The means m and v of g and g²; w + descent · (m / correction1) / (√(v / correction2) + epsilon). `rest1` is 1 - beta1,
 * rounded once.
 */
export function updateByAdam(
  weight: usize, mean: usize, square: usize, gradient: usize, descent: usize, correction1: usize, correction2: usize,
  size: i32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32,
): void {
  const down = v128.load_splat<f32>(descent)
  const corrects1 = v128.load_splat<f32>(correction1)
  const corrects2 = v128.load_splat<f32>(correction2)
  const epsilons = f32x4.splat(epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const nextMean = average(loadLow(mean, size), g, beta1, rest1)
    const nextSquare = average(loadLow(square, size), f32x4.mul(g, g), beta2, rest2)
    const length = f32x4.add(f32x4.sqrt(f32x4.div(nextSquare, corrects2)), epsilons)
    const along = f32x4.div(f32x4.div(nextMean, corrects1), length)
    storeLow(weight, f32x4.add(f32x4.mul(along, down), loadLow(weight, size)), size)
    storeLow(mean, nextMean, size)
    storeLow(square, nextSquare, size)
    weight += 16, mean += 16, square += 16, gradient += 16
  }
}

/** The mean m of g, and u ← max(beta2 · u, |g|); w + descent · m / (u + epsilon). */
export function updateByAdamax(
  weight: usize, mean: usize, largest: usize, gradient: usize, descent: usize,
  size: i32, beta1: f32, rest1: f32, beta2: f32, epsilon: f32,
): void {
  const down = v128.load_splat<f32>(descent)
  const decays = f32x4.splat(beta2)
  const epsilons = f32x4.splat(epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const nextMean = average(loadLow(mean, size), g, beta1, rest1)
    const nextLargest = f32x4.max(f32x4.mul(loadLow(largest, size), decays), f32x4.abs(g))
    const along = f32x4.div(nextMean, f32x4.add(nextLargest, epsilons))
    storeLow(weight, f32x4.add(f32x4.mul(down, along), loadLow(weight, size)), size)
    storeLow(mean, nextMean, size)
    storeLow(largest, nextLargest, size)
    weight += 16, mean += 16, largest += 16, gradient += 16
  }
}

/** s ← s + g²; w + descent · g / √(s + epsilon). */
export function updateByAdagrad(
  weight: usize, sum: usize, gradient: usize, descent: usize, size: i32, epsilon: f32,
): void {
  const down = v128.load_splat<f32>(descent)
  const epsilons = f32x4.splat(epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const next = f32x4.add(loadLow(sum, size), f32x4.mul(g, g))
    const along = f32x4.div(g, f32x4.sqrt(f32x4.add(next, epsilons)))
    storeLow(weight, f32x4.add(f32x4.mul(along, down), loadLow(weight, size)), size)
    storeLow(sum, next, size)
    weight += 16, sum += 16, gradient += 16
  }
}

/** The mean s of g², d = g · √(c + epsilon) / √(s + epsilon), and the mean c of d²; w + descent · d. */
export function updateByAdadelta(
  weight: usize, squares: usize, changes: usize, gradient: usize, descent: usize,
  size: i32, rho: f32, rest: f32, epsilon: f32,
): void {
  const down = v128.load_splat<f32>(descent)
  const epsilons = f32x4.splat(epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const c = loadLow(changes, size)
    const nextSquares = average(loadLow(squares, size), f32x4.mul(g, g), rho, rest)
    const ratio = f32x4.div(f32x4.sqrt(f32x4.add(c, epsilons)), f32x4.sqrt(f32x4.add(nextSquares, epsilons)))
    const change = f32x4.mul(ratio, g)
    storeLow(weight, f32x4.add(f32x4.mul(change, down), loadLow(weight, size)), size)
    storeLow(squares, nextSquares, size)
    storeLow(changes, average(c, f32x4.mul(change, change), rho, rest), size)
    weight += 16, squares += 16, changes += 16, gradient += 16
  }
}

/** The mean s of g²; v ← momentum · v + rate · g / √(s + epsilon); w - v. */
export function updateByRmsprop(
  weight: usize, squares: usize, velocity: usize, gradient: usize, rate: usize,
  size: i32, decay: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  const epsilons = f32x4.splat(epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const nextSquares = average(loadLow(squares, size), f32x4.mul(g, g), decay, rest)
    descendByRmsprop(weight, velocity, g, rate, size, momentum, f32x4.add(nextSquares, epsilons))
    storeLow(squares, nextSquares, size)
    weight += 16, squares += 16, velocity += 16, gradient += 16
  }
}

/** Like `updateByRmsprop`, with the variance s - m² in the place of s, for the mean m of g. */
export function updateByCenteredRmsprop(
  weight: usize, squares: usize, velocity: usize, mean: usize, gradient: usize, rate: usize,
  size: i32, decay: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  const negative = f32x4.splat(-epsilon)
  for (; size > 0; size -= 4) {
    const g = loadLow(gradient, size)
    const nextSquares = average(loadLow(squares, size), f32x4.mul(g, g), decay, rest)
    const nextMean = average(loadLow(mean, size), g, decay, rest)
    const variance = f32x4.sub(nextSquares, f32x4.add(f32x4.mul(nextMean, nextMean), negative))
    descendByRmsprop(weight, velocity, g, rate, size, momentum, variance)
    storeLow(squares, nextSquares, size)
    storeLow(mean, nextMean, size)
    weight += 16, squares += 16, velocity += 16, mean += 16, gradient += 16
  }
}

// @ts-ignore: decorator
@inline
function descendByRmsprop(
  weight: usize, velocity: usize, gradient: v128, rate: usize, size: i32, momentum: f32, variance: v128,
): void {
  const along = f32x4.div(f32x4.mul(gradient, v128.load_splat<f32>(rate)), f32x4.sqrt(variance))
  const next = f32x4.add(f32x4.mul(loadLow(velocity, size), f32x4.splat(momentum)), along)
  storeLow(weight, f32x4.sub(loadLow(weight, size), next), size)
  storeLow(velocity, next, size)
}

/** decay · mean + rest · value: a running mean, where `rest` is 1 - decay. */
// @ts-ignore: decorator
@inline
function average(mean: v128, value: v128, decay: f32, rest: f32): v128 {
  return f32x4.add(f32x4.mul(mean, f32x4.splat(decay)), f32x4.mul(value, f32x4.splat(rest)))
}
