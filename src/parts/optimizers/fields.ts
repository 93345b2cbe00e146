/** Fields that several optimizers share. tf.train has no default learning rate of its own for some; those are Keras's. */
import * as Type from 'typebox'
import type { TObject } from 'typebox'
import { call, type Call, type Expressible } from '../../language/expression.ts'
import { withDefault } from '../../language/schema.ts'

export function learningRate(value: number) {
  return withDefault(
    Type.Number({ description: 'How far each step goes along the gradient.', exclusiveMinimum: 0, examples: [value] }),
    value,
  )
}

export function decayRate(description: string, value: number) {
  return withDefault(Type.Number({ description, minimum: 0, exclusiveMaximum: 1, examples: [value] }), value)
}

export const epsilon = withDefault(
  Type.Number({
    description: 'Added to the denominator, against division by zero.',
    exclusiveMinimum: 0,
    examples: [1e-7],
  }),
  1e-7,
)

/** A call of `tf.train` with the learning rate and these options, as far as they are not its defaults. */
export function trainCall<const S extends TObject>(
  callee: string,
  schema: S,
  options: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): Call {
  const defaults = schema.properties as Record<string, { readonly default?: unknown }>
  const last = names.findLastIndex((name) => options[name] !== defaults[name]?.default)
  const given = ['learningRate', ...names.slice(0, last + 1)]
  return call(callee, ...given.map((name) => options[name] as Expressible))
}
