import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

/** The rule on gradients whose numbers are kept within [-limit, limit] (clipvalue of Keras's optimizers). */
export function clipByValue(rule: UpdateRule, limit: number): UpdateRule {
  return {
    ...rule,
    treatGradients: (gradients) =>
      (rule.treatGradients?.(gradients) ?? gradients).map(
        (gradient) => gradient && tf.clipByValue(gradient, -limit, limit),
      ),
  }
}
