/** Checks that a batch does not exceed the training samples. */
import { countOf } from '../diagnostics/formatCount.ts'
import { addEntries, setValue } from '../source/edits.ts'
import { placeOrKey } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import { defineRule, type Finding } from './defineRule.ts'

export const batchExceedsData = defineRule({
  codes: ['meaning/batch-exceeds-data'],
  check({ spec, source }) {
    const trainCount = spec.facts?.trainCount
    if (trainCount === undefined) return []
    const { batchSize, validationSplit, gradientAccumulation = 1 } = spec.training
    const count = Math.floor(trainCount * (1 - validationSplit))
    if (batchSize > count) return [tooLarge(batchSize, count, spec.dataset?.type ?? '', source)]
    if (batchSize * gradientAccumulation <= count) return []
    const message = `a step of ${gradientAccumulation} batches of ${batchSize} needs ${batchSize * gradientAccumulation} samples, but there ${count === 1 ? 'is' : 'are'} only ${countOf(count, 'training sample')}`
    const help = 'reduce `gradientAccumulation` or `batchSize`'
    return [{ path: ['training', 'gradientAccumulation'], message, help }]
  },
})

function tooLarge(batchSize: number, count: number, dataset: string, source: SourceDocument): Finding {
  const path = ['training', 'batchSize']
  // The default is not written anywhere, and the number of samples follows from the dataset.
  const place = placeOrKey(source, path, ['dataset', dataset])
  if (count === 0) {
    const message = 'no samples are left to train on'
    const heldOut = placeOrKey(source, ['training', 'validationSplit'], ['dataset', dataset])
    return { ...heldOut, message, help: 'hold out fewer samples: lower `validationSplit` or `testSplit`' }
  }
  const message = `\`batchSize\` ${batchSize} exceeds the ${countOf(count, 'training sample')}`
  const fitting = Math.min(512, 2 ** Math.floor(Math.log2(count)))
  const edits =
    source.pairAt(['training']) === undefined
      ? addEntries(source, [], [`training: { batchSize: ${fitting} }`])
      : setValue(source, path, fitting)
  const fixes = edits ? [{ kind: 'suggestion' as const, title: `set \`batchSize: ${fitting}\``, edits }] : []
  return { ...place, message, help: 'use a smaller batch; 32 to 512 is typical', fixes }
}
