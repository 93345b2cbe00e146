/** Checks that the input shape in the spec fits the samples of its dataset. */
import type { Path } from '../diagnostics/diagnostic.ts'
import { isInput } from '../parts/layers/table.ts'
import { formatShape } from '../language/dims.ts'
import { setValue } from '../source/edits.ts'
import { defineRule } from './defineRule.ts'

export const inputShape = defineRule({
  codes: ['meaning/input-shape'],
  check({ spec, shaped, source }) {
    const sampleShape = spec.facts?.sampleShape
    if (sampleShape === undefined) return []
    return shaped.nodes.flatMap((node) => {
      if (!isInput(node.layer.type)) return []
      const stated = node.shape
      const isSame =
        stated.length === sampleShape.length &&
        stated.every((size, axis) => typeof size !== 'number' || size === sampleShape[axis])
      if (isSame) return []
      const path: Path = node.implied ? node.layer.path : [...node.layer.path, 'shape']
      const edits = setValue(source, path, sampleShape)
      const message = `\`input\` has the shape ${formatShape(stated)}, but the samples of \`${spec.dataset!.type}\` are ${formatShape(sampleShape)}`
      return {
        path,
        message,
        help: 'remove `input`: the dataset provides the shape',
        fixes: edits ? [{ kind: 'suggestion', title: `set the shape to ${formatShape(sampleShape)}`, edits }] : [],
      }
    })
  },
})
