/** Applies the update rule of an optimizer, which a plan describes, to some elements of a weight. */
import {
  updateByAdadelta, updateByAdagrad, updateByAdam, updateByAdamax, updateByCenteredRmsprop, updateByMomentum,
  updateByRmsprop, updateBySgd,
} from './updates'

/**
 * Updates `size` elements in place, from the byte `from` of the weight and its slots on, by their gradient.
 *
 * @param plan [rule, the addresses of the weight and up to three slots, those of up to three numbers that change by step, up to
 *   five constants], each four bytes; the rules are numbered in the order of the functions below
 */
export function applyUpdate(plan: usize, from: usize, gradient: usize, size: i32): void {
  const weight = load<usize>(plan, 4) + from
  const first = load<usize>(plan, 8) + from, second = load<usize>(plan, 12) + from, third = load<usize>(plan, 16) + from
  const rate = load<usize>(plan, 20), correction1 = load<usize>(plan, 24), correction2 = load<usize>(plan, 28)
  const a = f32.load(plan, 32), b = f32.load(plan, 36), c = f32.load(plan, 40), d = f32.load(plan, 44), e = f32.load(plan, 48)
  switch (load<i32>(plan)) {
    case 0: updateBySgd(weight, gradient, rate, size); break
    case 1: updateByMomentum(weight, first, gradient, rate, size, a, b); break
    case 2: updateByAdam(weight, first, second, gradient, rate, correction1, correction2, size, a, b, c, d, e); break
    case 3: updateByAdamax(weight, first, second, gradient, rate, size, a, b, c, d); break
    case 4: updateByAdagrad(weight, first, gradient, rate, size, a); break
    case 5: updateByAdadelta(weight, first, second, gradient, rate, size, a, b, c); break
    case 6: updateByRmsprop(weight, first, second, gradient, rate, size, a, b, c, d); break
    case 7: updateByCenteredRmsprop(weight, first, second, third, gradient, rate, size, a, b, c, d); break
  }
}
