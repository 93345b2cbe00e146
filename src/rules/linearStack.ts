/** Finds two dense layers without an activation between them. */
import { layerDef } from '../parts/layers/table.ts'
import { isKnown } from '../language/dims.ts'
import { toFix } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { activationOf } from './activationOf.ts'
import { readersOf } from './checkedNetwork.ts'

/** Checks only networks with a loss; a sketch may still lack activations. */
export const linearStack = defineRule({
  codes: ['meaning/linear-stack'],
  check({ spec, shaped, source, byName }) {
    if (spec.loss === undefined) return []
    const seconds = shaped.nodes.filter(
      ({ layer, inputs }) => layerDef(layer.type).role === 'affine' && isLinear(inputs[0]),
    )
    if (seconds.length === 0) return []
    const readers = readersOf(shaped)
    return seconds.flatMap((second) => {
      const first = byName.get(second.inputs[0]!)!
      const [before, between, after] = [first.inputShapes[0]!.at(-1)!, first.shape.at(-1)!, second.shape.at(-1)!]
      // A narrow layer between two wide ones saves parameters, and may be intended.
      const isNarrow = isKnown(before) && isKnown(between) && isKnown(after) && between < Math.min(before, after)
      if (isNarrow || readers.get(first.name)!.length > 1 || shaped.outputs.includes(first.name)) return []
      const message = `\`${first.name}\` has no activation, so it and \`${second.name}\` together compute no more than a single dense layer`
      return {
        path: first.layer.path,
        message,
        atKey: true,
        help: 'add an activation to hidden layers, such as `relu`',
        fixes: toFix({ kind: 'set', option: 'activation', value: 'relu' }, first.layer, source),
      }
    })

    function isLinear(name: string | undefined): boolean | undefined {
      const node = byName.get(name ?? '')
      return node && layerDef(node.layer.type).role === 'affine' && activationOf(node)?.activation === 'linear'
    }
  },
})
