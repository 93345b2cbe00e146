/** The input that a spec states against the samples of its dataset. */
import type { Diagnostic, Path } from '../diagnostics/diagnostic.ts'
import { formatShape } from '../language/dims.ts'
import { setValue } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import type { CheckedNetwork } from './meaningCheck.ts'

export function checkInputShape({ spec, shaped, source }: CheckedNetwork): Diagnostic[] {
  const sampleShape = spec.facts?.sampleShape
  if (sampleShape === undefined) return []
  return shaped.nodes.flatMap((node) => {
    if (node.layer.type !== 'input') return []
    const stated = node.shape
    const isSame =
      stated.length === sampleShape.length &&
      stated.every((size, axis) => typeof size !== 'number' || size === sampleShape[axis])
    if (isSame) return []
    const path: Path = node.implied ? node.layer.path : [...node.layer.path, 'shape']
    const edits = setValue(source, path, sampleShape)
    const message = `the input is ${formatShape(stated)}, but \`${spec.dataset!.type}\` has samples of ${formatShape(sampleShape)}`
    return reportAt(source, 'meaning/input-shape', path, message, {
      help: 'leave the input out: the dataset gives it',
      fixes: edits ? [{ kind: 'suggestion', title: `set the shape to ${formatShape(sampleShape)}`, edits }] : [],
    })
  })
}
