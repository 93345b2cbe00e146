/** The size of a batch against the samples that there are to train on. */
import { defineRule } from './defineRule.ts'

export const batchExceedsData = defineRule({
  codes: ['meaning/batch-exceeds-data'],
  check({ spec }) {
    const trainCount = spec.facts?.trainCount
    if (trainCount === undefined) return []
    const { batchSize, validationSplit, gradientAccumulation = 1 } = spec.training
    const count = Math.floor(trainCount * (1 - validationSplit))
    if (batchSize > count) {
      const message = `a batch of ${batchSize} is larger than the ${count} samples to train on`
      const help = 'usual sizes are 32 to 512'
      return [{ path: ['training', 'batchSize'], message, help }]
    }
    if (batchSize * gradientAccumulation <= count) return []
    const message = `a step of ${gradientAccumulation} batches of ${batchSize} takes ${batchSize * gradientAccumulation} samples, and there are ${count} to train on`
    const help = 'accumulate the gradients of fewer batches'
    return [{ path: ['training', 'gradientAccumulation'], message, help }]
  },
})
