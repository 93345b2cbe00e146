/** WASM kernels of the optimizers: one kernel updates a weight and its slots in place. */
import * as tf from '@tensorflow/tfjs'
import { type KernelContext } from './kernelContext.ts'

/** The attributes of all update kernels. */
interface UpdateAttributes {
  /** How many of the inputs are updated: the weight and its slots, which come first. */
  readonly kept: number
  /** The constants of the rule, in the order of its function in `assembly/updates.ts`. */
  readonly constants: readonly number[]
}

/** A function of `assembly/updates.ts`: takes the addresses of the inputs, the size of the weight, and the constants. */
type Update = (...numbers: number[]) => void

/** Registers the update kernel of each optimizer. Their results take over the memory of the weight and its slots. */
export function registerUpdateKernels(context: KernelContext): void {
  const { module } = context
  const updates: Readonly<Record<string, Update>> = {
    UpdateBySgd: module.updateBySgd as Update,
    UpdateByMomentum: module.updateByMomentum as Update,
    UpdateByAdam: module.updateByAdam as Update,
    UpdateByAdamax: module.updateByAdamax as Update,
    UpdateByAdagrad: module.updateByAdagrad as Update,
    UpdateByAdadelta: module.updateByAdadelta as Update,
    UpdateByRmsprop: module.updateByRmsprop as Update,
    UpdateByCenteredRmsprop: module.updateByCenteredRmsprop as Update,
  }
  for (const [kernelName, update] of Object.entries(updates)) {
    context.replace(kernelName, ({ inputs, attrs }) => {
      const { kept, constants } = attrs as unknown as UpdateAttributes
      const operands = inputs as unknown as readonly tf.TensorInfo[]
      const updated = operands.slice(0, kept).map((tensor) => context.takeOver(tensor))
      const addresses = [...updated, ...operands.slice(kept)].map((tensor) => context.address(tensor))
      update(...addresses, tf.util.sizeFromShape(operands[0]!.shape), ...constants)
      return updated
    })
  }
}
