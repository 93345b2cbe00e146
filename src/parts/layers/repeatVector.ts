/** Repeats a vector for every step of a sequence. */
import { count } from '../../language/fields.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  { n: count('The number of steps.', 10) },
  'Repeats its input for each step of a sequence, as at the start of a decoder.',
)

export const repeatVector = defineLayer({
  aliases: { options: { n: { near: ['times', 'repeats'] } } },
  schema,
  shape: ({ n }, [vector]) => checkInputKind('repeatVector', 'vector', vector) ?? ok([n, vector[0]!]),
  weights: () => [],
  flops: () => 0,
  lower: (options) => layerCall('repeatVector', given(schema, options)),
})
