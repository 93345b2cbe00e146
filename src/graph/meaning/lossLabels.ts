/** The loss against the labels of the dataset. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { setValue } from '../../source/edits.ts'
import { reportAt } from '../../source/report.ts'
import { fitsLabels, judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkLossLabels(network: CheckedNetwork): Diagnostic[] {
  const { spec, source, dataset } = network
  return judgedOutputs(network).flatMap((judged) => {
    if (dataset === undefined || fitsLabels(judged, dataset)) return []
    const path = ['loss']
    const edits = setValue(source, path, 'categoricalCrossentropy')
    const message = `\`${judged.lossName}\` does not fit the labels of \`${spec.dataset!.type}\`: one of ${dataset.classes} classes`
    return reportAt(source, 'meaning/loss-labels', path, message, {
      help: 'classes that exclude each other take `categoricalCrossentropy`',
      fixes: edits ? [{ title: 'replace it by `categoricalCrossentropy`', edits }] : [],
    })
  })
}
