/** Checks that an output is one vector per sample, as labels are. */
import { formatShape } from '../language/dims.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { fitsLabels, trainedOutputs } from './trainedOutputs.ts'

/** The layer that turns the outputs of this many axes into a vector. */
const poolings: Readonly<Record<number, string>> = { 2: 'globalAveragePooling1d', 3: 'globalAveragePooling2d' }

export const outputRank = defineRule({
  codes: ['meaning/output-rank'],
  check(network) {
    const { source, dataset } = network
    return trainedOutputs(network).flatMap((judged) => {
      const { output, lossName } = judged
      if (dataset === undefined || !fitsLabels(judged, dataset) || output.shape.length === 1) return []
      const pooling = poolings[output.shape.length]
      const message = `the output is ${formatShape(output.shape)}, but \`${lossName}\` compares one vector per sample with its ${dataset.classes === undefined ? 'value' : 'class'}`
      return {
        path: output.layer.path,
        message,
        atKey: true,
        help: `add ${pooling === undefined ? '`flatten`' : `\`flatten\` or \`${pooling}\``} before the last layer`,
        fixes: toFix({ kind: 'insertBefore', layer: 'flatten' }, output.layer, source),
      }
    })
  },
})
