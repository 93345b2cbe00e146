/** The size of a batch against the samples that there are to train on. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkBatchSize({ spec, source }: CheckedNetwork): Diagnostic[] {
  const trainCount = spec.facts?.trainCount
  if (trainCount === undefined) return []
  const { batchSize, validationSplit } = spec.training
  const count = Math.floor(trainCount * (1 - validationSplit))
  if (batchSize <= count) return []
  const message = `a batch of ${batchSize} is larger than the ${count} samples to train on`
  const help = 'usual sizes are 32 to 512'
  return [reportAt(source, 'meaning/batch-exceeds-data', ['training', 'batchSize'], message, { help })]
}
