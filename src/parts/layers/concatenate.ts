/** Concatenates several inputs along an axis. */
import * as Type from 'typebox'
import { mismatchOutsideAxis } from '../../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { formatShape, isKnown, sumDims, type Shape } from '../../language/dims.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    axis: withDefault(
      Type.Integer({
        description: 'The axis along which to join the inputs, counting the batch as 0; -1 is the channels.',
        examples: [1],
      }),
      -1,
    ),
  },
  'Joins its inputs along an axis. Their other sizes must be equal.',
)

/** Whether two inputs agree on all axes but `axis`; sizes that are known only at run time agree with each other. */
function agree(a: Shape, b: Shape, axis: number): boolean {
  if (a.length !== b.length) return false
  return a.every((size, index) => index === axis || (isKnown(size) ? size === b[index] : !isKnown(b[index])))
}

export const concatenate = defineLayer({
  aliases: { same: ['concat', 'cat', 'torch.cat'] },
  schema,
  arity: { least: 2, most: Number.POSITIVE_INFINITY },
  shape({ axis }, inputs) {
    const [first, ...others] = inputs
    const index = sampleAxis(axis, first.length)
    if (index === undefined) return noSuchAxis('axis', axis, first)
    const unlike = others.find((shape) => !agree(first, shape, index))
    if (unlike) {
      const facts = { layer: 'concatenate', axis, left: formatShape(first), right: formatShape(unlike) }
      const fitting = first.findIndex((_size, other) => inputs.every((shape) => agree(first, shape, other)))
      const suggestions = fitting < 0 ? [] : [{ kind: 'set', option: 'axis', value: fitting + 1 } as const]
      return problem({ ...mismatchOutsideAxis(facts), option: 'inputs', suggestions })
    }
    const joined = others.reduce((size, shape) => sumDims(size, shape[index]!), first[index]!)
    return ok(first.with(index, joined))
  },
  weights: () => [],
  masks: () => ({ joins: 'along the axis' }),
  flops: () => 0,
  inputsAgreeIn: ({ axis }) => (axis < -1 ? 'rank' : undefined),
  /** The engine treats every negative axis as the last one (tfjs_backend.js, `concatenate`), so it is counted from 0. */
  lower({ axis }, { output }) {
    return layerCall('concatenate', given(schema, { axis: axis < -1 ? axis + output.length + 1 : axis }))
  },
})
