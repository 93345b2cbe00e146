import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

/**
 * Lets an update rule run as one kernel for each weight, on backends that have this kernel. Its inputs are the value and the
 * slots of the weight, the gradient and the rule's numbers; its results, equal to those of the rule bit for bit, are the new
 * value and slots.
 *
 * @param constants The numbers of the formula that never change.
 */
export function fusedUpdate(rule: UpdateRule, kernelName: string, constants: readonly number[] = []): UpdateRule {
  return {
    ...rule,
    update(weight, numbers) {
      if (!tf.getKernel(kernelName, tf.getBackend())) return rule.update(weight, numbers)
      const kept = [weight.value, ...weight.slots]
      // The type is a map, but kernels may take a list.
      const inputs = [...kept, weight.gradient, ...numbers] as unknown as tf.NamedTensorMap
      return tf.engine().runKernel(kernelName, inputs, { kept: kept.length, constants: [...constants] }) as tf.Tensor[]
    },
  }
}
