/** A vector as every step of a sequence. */
import { count } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { misfitOf } from './rank.ts'
import { fieldsOf } from './schema.ts'

const schema = fieldsOf(
  { n: count('How many steps the sequence has.', 10) },
  'A sequence whose every step is the input: what starts a decoder.',
)

export const repeatVector = defineLayer({
  schema,
  shape: ({ n }, [vector]) => misfitOf('repeatVector', 'vector', vector!) ?? ok([n, vector![0]!]),
  weights: () => [],
  flops: () => 0,
  lower: (options) => lowerLayer('repeatVector', schema, options),
})
