/** WASM kernels of the optimizers: one kernel updates a weight and its slots in place. */
import * as tf from '@tensorflow/tfjs'
import { type KernelContext } from './kernelContext.ts'

/** The attributes of all update kernels. */
export interface UpdateAttributes {
  /** How many of the inputs are updated: the weight and its slots, which come first. */
  readonly kept: number
  /** The constants of the rule, in the order of its function in `assembly/updates.ts`. */
  readonly constants: readonly number[]
}

/** The attributes of `UpdateByProduct`. */
export interface ProductUpdateAttributes extends UpdateAttributes {
  /** The kernel that updates the weight by a gradient. */
  readonly rule: string
}

/** The update kernel of each optimizer, in the order of the rules in `assembly/applyUpdate.ts`. */
const rules = [
  'UpdateBySgd',
  'UpdateByMomentum',
  'UpdateByAdam',
  'UpdateByAdamax',
  'UpdateByAdagrad',
  'UpdateByAdadelta',
  'UpdateByRmsprop',
  'UpdateByCenteredRmsprop',
]

/**
 * Registers the update kernel of each optimizer. Their inputs are the weight and its slots, whose memory the results take over,
 * then the gradient, or its two factors for `UpdateByProduct`, and the numbers of the rule.
 */
export function registerUpdateKernels(context: KernelContext): void {
  for (const name of [...rules, 'UpdateByProduct'])
    context.replace(name, ({ inputs, attrs }) => {
      const { kept, constants, rule } = attrs as unknown as UpdateAttributes & Partial<ProductUpdateAttributes>
      const operands = inputs as unknown as readonly tf.TensorInfo[]
      const updated = operands.slice(0, kept).map((tensor) => context.takeOver(tensor))
      const numbers = operands.slice(kept + (rule === undefined ? 1 : 2))
      const plan = planUpdate(context, rule ?? name, updated, numbers, constants)
      if (rule === undefined) updateByGradient(context, operands[kept]!, plan)
      else updateByProduct(context, operands[kept]!, operands[kept + 1]!, plan)
      return updated
    })
}

function updateByGradient(context: KernelContext, gradient: tf.TensorInfo, plan: number): void {
  context.module.applyUpdate(plan, 0, context.address(gradient), tf.util.sizeFromShape(gradient.shape))
}

/** Updates a weight by the gradient leftᵀ right, for matrices of as many rows. */
function updateByProduct(context: KernelContext, left: tf.TensorInfo, right: tf.TensorInfo, plan: number): void {
  const [depth, rows] = left.shape.slice(-2) as [number, number]
  const columns = right.shape.at(-1)!
  const { module } = context
  const scratch = context.scratch('packed', module.multiplyScratchSize(rows, depth) / 4)
  const [from, to] = [context.address(left), context.address(right)]
  module.multiplyAndUpdate(from, 1, rows, to, columns, 1, rows, depth, columns, scratch, plan)
}

/** Writes the plan of `assembly/applyUpdate.ts` to scratch memory, and returns its address. */
function planUpdate(
  context: KernelContext,
  rule: string,
  updated: readonly tf.TensorInfo[],
  numbers: readonly tf.TensorInfo[],
  constants: readonly number[],
): number {
  const plan = context.scratch('update', 13)
  const { buffer } = context.backend.wasm.asm.memory
  const words = new Int32Array(buffer, plan, 8)
  words[0] = rules.indexOf(rule)
  for (const [index, tensor] of updated.entries()) words[1 + index] = context.address(tensor)
  for (const [index, tensor] of numbers.entries()) words[5 + index] = context.address(tensor)
  new Float32Array(buffer, plan + 32, 5).set(constants)
  return plan
}
