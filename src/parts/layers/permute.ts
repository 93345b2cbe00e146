/** Reorders the axes of a sample. */
import * as Type from 'typebox'
import { notAPermutation } from '../../diagnostics/shapeMessages.ts'
import { formatShape } from '../../language/dims.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    dims: Type.Unsafe<readonly number[]>({
      description: 'The new order of the axes, counting from 1; the batch stays first.',
      examples: [[2, 1]],
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 1,
      maxItems: 6,
    }),
  },
  'Reorders the axes of a sample: [2, 1] transposes a matrix.',
)

export const permute = defineLayer({
  aliases: { near: ['transpose', 'swapAxes'], options: { dims: { near: ['order', 'perm'] } } },
  role: 'rearranging',
  schema,
  noOpReason({ dims }) {
    return dims.every((axis, index) => axis === index + 1) ? 'every axis keeps its position' : undefined
  },
  shape({ dims }, [values]) {
    const isPermutation = dims.length === values.length && values.every((_size, axis) => dims.includes(axis + 1))
    if (isPermutation) return ok(dims.map((axis) => values[axis - 1]!))
    const facts = { dims: dims.join(', '), rank: values.length, shape: formatShape(values) }
    return problem({ ...notAPermutation(facts), option: 'dims' })
  },
  weights: () => [],
  flops: () => 0,
  lower: (options) => layerCall('permute', given(schema, options)),
})
