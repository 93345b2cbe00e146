/** Whether an output is one vector a sample, as labels are. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatShape } from '../language/dims.ts'
import { reportAt } from '../source/report.ts'
import { toFix } from '../graph/shapes.ts'
import { fitsLabels, judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkOutputRank(network: CheckedNetwork): Diagnostic[] {
  const { source, dataset } = network
  return judgedOutputs(network).flatMap((judged) => {
    const { output, lossName } = judged
    if (dataset === undefined || !fitsLabels(judged, dataset) || output.shape.length === 1) return []
    const message = `the output is ${formatShape(output.shape)}, but \`${lossName}\` compares one vector a sample with its ${dataset.classes === undefined ? 'value' : 'class'}`
    return reportAt(source, 'meaning/output-rank', output.layer.path, message, {
      atKey: true,
      help: '`flatten` or `globalAveragePooling2d` before the last layer makes a vector',
      fixes: toFix({ kind: 'insertBefore', layer: 'flatten' }, output.layer, source),
    })
  })
}
