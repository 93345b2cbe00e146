/** Checks that a batch does not exceed the training samples. */
import { countOf } from '../diagnostics/formatCount.ts'
import { defineRule } from './defineRule.ts'

export const batchExceedsData = defineRule({
  codes: ['meaning/batch-exceeds-data'],
  check({ spec }) {
    const trainCount = spec.facts?.trainCount
    if (trainCount === undefined) return []
    const { batchSize, validationSplit, gradientAccumulation = 1 } = spec.training
    const count = Math.floor(trainCount * (1 - validationSplit))
    if (batchSize > count) {
      const message = `\`batchSize\` ${batchSize} exceeds the ${countOf(count, 'training sample')}`
      const help = 'use a smaller batch; 32 to 512 is typical'
      return [{ path: ['training', 'batchSize'], message, help }]
    }
    if (batchSize * gradientAccumulation <= count) return []
    const message = `a step of ${gradientAccumulation} batches of ${batchSize} needs ${batchSize * gradientAccumulation} samples, but there ${count === 1 ? 'is' : 'are'} only ${countOf(count, 'training sample')}`
    const help = 'reduce `gradientAccumulation` or `batchSize`'
    return [{ path: ['training', 'gradientAccumulation'], message, help }]
  },
})
