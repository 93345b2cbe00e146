/** The augmentations against the samples that they change. */
import { augmentationTable } from '../../augmentations/table.ts'
import type { AugmentationMisfit, ImageShape } from '../../augmentations/augmentationDef.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatShape } from '../../layers/dims.ts'
import { reportAt } from '../../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkAugmentation({ spec, source }: CheckedNetwork): Diagnostic[] {
  const { augment, facts = {} } = spec
  const shape = facts.sampleShape
  if (augment.length === 0 || shape === undefined) return []
  if (shape.length !== 3) {
    const message = `augmentations change images of height, width and channels, and the samples are ${formatShape(shape)}`
    return [
      reportAt(source, 'meaning/augmentation-misfit', ['augment'], message, {
        help: 'leave `augment` out',
        atKey: true,
      }),
    ]
  }
  return augment.flatMap(({ type, options }, index) => {
    const found = augmentationTable[type]!.misfits?.(options as never, shape as ImageShape, facts) ?? []
    return found.map((misfit) => tell(misfit, ['augment', index], type))
  })

  function tell({ kind, option, message, help }: AugmentationMisfit, item: readonly (string | number)[], type: string) {
    const code = kind === 'wrong' ? 'meaning/augmentation-misfit' : 'meaning/unusual-augmentation'
    const severity = kind === 'wrong' ? 'error' : 'hint'
    const path = option === undefined ? item : [...item, type, option]
    return reportAt(source, code, path, message, { severity, help })
  }
}
