/** Finds weight decay that outweighs the gradients. */
import { defineRule } from './defineRule.ts'

/** The largest fraction of a weight that one step may decay; published networks stay below a thousandth. */
const mostPerStep = 0.05

export const weightDecay = defineRule({
  codes: ['meaning/weight-decay'],
  check({ spec }) {
    const decay = spec.training.weightDecay
    const rate = spec.optimizer?.options['learningRate']
    if (decay === undefined || typeof rate !== 'number' || rate * decay <= mostPerStep) return []
    const part = Number((100 * rate * decay).toPrecision(2))
    const message = `each step shrinks the kernels by ${part}% (learning rate ${rate} · weight decay ${decay}), more than they can learn`
    const help = 'typical values of `weightDecay` are 0.0001 to 0.1'
    return [{ path: ['training', 'weightDecay'], message, help }]
  },
})
