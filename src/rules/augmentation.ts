/** Checks that augmentations fit the samples that they change. */
import { lookUp } from '../language/schema.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import type { AugmentationMisfit, ImageShape } from '../language/augmentationDef.ts'
import type { Fix, Path } from '../diagnostics/diagnostic.ts'
import { formatShape } from '../language/dims.ts'
import { setValue } from '../source/edits.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { trainedOutputs, type TrainedOutput } from './trainedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

export const augmentation = defineRule({
  codes: ['meaning/augmentation-misfit', 'meaning/unusual-augmentation'],
  check(network) {
    const { augment } = network.spec
    const mixing = augment.findIndex(({ type }) => lookUp(augmentationTable, type).mixes === true)
    return [...checkImages(network), ...(mixing < 0 ? [] : checkMixing(network, mixing))]
  },
})

function checkImages({ spec }: CheckedNetwork): Finding[] {
  const { augment, facts = {} } = spec
  const shape = facts.sampleShape
  const needsImages = augment.some(({ type }) => lookUp(augmentationTable, type).mixes !== true)
  if (!needsImages || shape === undefined) return []
  if (shape.length !== 3) {
    const message = `augmentations apply to images (height x width x channels), but the samples are ${formatShape(shape)}`
    return [
      {
        code: 'meaning/augmentation-misfit',
        path: ['augment'],
        message,
        help: 'remove `augment`; only `mixup` accepts samples of any shape',
        atKey: true,
      },
    ]
  }
  return augment.flatMap(({ type, options }, index) => {
    const found = lookUp(augmentationTable, type).misfits?.(options, shape as ImageShape, facts) ?? []
    return found.map((misfit) => toFinding(misfit, ['augment', index], type))
  })
}

function toFinding({ kind, option, message, help }: AugmentationMisfit, item: Path, type: string): Finding {
  const code = kind === 'wrong' ? 'meaning/augmentation-misfit' : 'meaning/unusual-augmentation'
  const path = option === undefined ? item : [...item, type, option]
  return { code, path, message, help }
}

/** Checks an augmentation that mixes labels: not every loss and network accepts fractions of several classes. */
function checkMixing(network: CheckedNetwork, index: number): Finding[] {
  const { spec, dataset } = network
  const { type } = spec.augment[index]!
  const path: Path = ['augment', index]
  if (spec.training.batchSize === 1) {
    const message = `\`${type}\` mixes samples within a batch, but \`batchSize\` is 1`
    return [{ code: 'meaning/augmentation-misfit', path, message, help: 'use a `batchSize` of 2 or more' }]
  }
  return trainedOutputs(network).flatMap((judged) => {
    const { loss, lossName, units } = judged
    if (loss.needsOneClass === true) {
      const message = `\`${type}\` mixes labels, but \`${lossName}\` needs exactly one class per sample`
      const help = 'use `categoricalCrossentropy`, which accepts mixed labels'
      return [{ code: 'meaning/augmentation-misfit', path, message, help, fixes: takeParts(judged, network) }]
    }
    const { classes } = dataset ?? {}
    if (classes === undefined || units !== 1) return []
    const message = `\`${type}\` turns labels into ${classes} class probabilities, but the network ends in 1 unit`
    const help = `end the network in ${classes} units with \`softmax\` and use \`categoricalCrossentropy\``
    return [{ code: 'meaning/augmentation-misfit', path, message, help }]
  })
}

function takeParts({ lossPath, lossOptions }: TrainedOutput, { source }: CheckedNetwork): Fix[] {
  const options = lossOptions['fromLogits'] === true ? { fromLogits: true } : undefined
  const edits = setValue(source, lossPath, options ? { categoricalCrossentropy: options } : 'categoricalCrossentropy')
  return edits ? [{ kind: 'suggestion', title: 'use `categoricalCrossentropy` as the loss', edits }] : []
}
