/** Penalties on weights and outputs: tf.regularizers by name. */
import * as Type from 'typebox'
import { call, type Call } from './expression.ts'
import { fieldsOf, lookUp, readChoice, resolveOptions, withDefault, type ChoiceValue, type PartDef } from './schema.ts'

const rate = (norm: string) =>
  withDefault(Type.Number({ description: `The factor of the sum of ${norm}.`, minimum: 0, examples: [0.001] }), 0.01)

export const regularizers = {
  l1: { schema: fieldsOf({ l1: rate('absolute values') }, 'l1 · Σ|w|') },
  l2: { schema: fieldsOf({ l2: rate('squares') }, 'l2 · Σw²') },
  l1l2: {
    example: { l1: 0.001, l2: 0.001 },
    schema: fieldsOf({ l1: rate('absolute values'), l2: rate('squares') }, 'l1 · Σ|w| + l2 · Σw²'),
  },
} satisfies Partial<Record<keyof typeof import('@tensorflow/tfjs').regularizers, PartDef>>

export function lowerRegularizer(value: ChoiceValue): Call {
  const { type, options } = readChoice(value)
  const { schema } = lookUp<PartDef>(regularizers, type)
  return call(`tf.regularizers.${type}`, resolveOptions(schema, options) as Record<string, number>)
}
