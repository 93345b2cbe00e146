/** The loss against the labels of the dataset. */
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.ts'
import { setValue } from '../../source/edits.ts'
import { reportAt } from '../../source/report.ts'
import { toFix } from '../shapes.ts'
import { finalActivation, judgedOutputs, type JudgedOutput } from './judgedOutputs.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkLossLabels(network: CheckedNetwork): Diagnostic[] {
  const { spec, source, dataset } = network
  if (dataset === undefined) return []
  return judgedOutputs(network).flatMap((judged) => {
    const { lossName, lossPath, suits } = judged
    if (suits === 'well') return []
    const labels = `the labels of \`${spec.dataset!.type}\`: one of ${dataset.classes} classes`
    const help = 'classes that exclude each other take `categoricalCrossentropy`'
    const fixes = takeCrossentropy(judged, network)
    if (suits === undefined) {
      const message = `\`${lossName}\` does not fit ${labels}`
      return reportAt(source, 'meaning/loss-labels', lossPath, message, { help, fixes })
    }
    const message = `\`${lossName}\` is an unusual choice for ${labels}`
    return reportAt(source, 'meaning/unusual-loss', lossPath, message, { severity: 'warning', help, fixes })
  })
}

function takeCrossentropy({ output, lossPath }: JudgedOutput, network: CheckedNetwork): Fix[] {
  const { source } = network
  const edits = setValue(source, lossPath, 'categoricalCrossentropy')
  if (edits === undefined) return []
  const title = 'replace it by `categoricalCrossentropy`'
  const node = finalActivation(output, network)?.node
  const [softmax] = node ? toFix({ kind: 'set', option: 'activation', value: 'softmax' }, node.layer, source) : []
  const both = softmax && { title: `${title}, and end in \`softmax\``, edits: [...edits, ...softmax.edits] }
  return [{ title, edits }, ...(both ? [both] : [])]
}
