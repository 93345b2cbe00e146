/** The input of the network: states the shape of one sample. */
import * as Type from 'typebox'
import { declaredShape } from '../../language/dims.ts'
import { callsTo } from '../../language/calls.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('@tensorflow/tfjs')>('tf.')

const size = Type.Unsafe<number | null>({ anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] })

export const inputShape = Type.Unsafe<readonly (number | null)[]>({
  ...Type.Array(size, { minItems: 1, maxItems: 6 }),
  description: 'The shape of one sample, without the batch, channels last. null is a size known only at run time.',
  examples: [[28, 28, 1]],
})

export const input = defineLayer({
  aliases: { same: ['InputLayer'], options: { shape: { same: ['input_shape'], near: ['size'] } } },
  role: 'input',
  schema: fieldsOf({ shape: inputShape }, 'An input of the network, with the shape of one sample.'),
  arity: { least: 0, most: 0 },
  shape: ({ shape }) => ok(declaredShape(shape)),
  weights: () => [],
  flops: () => 0,
  lower: ({ shape }) => call('input', { shape }),
})
