/** Fields that several optimizers share. Where tf.train has no default learning rate, it is that of Keras. */
import * as Type from 'typebox'
import type { TObject } from 'typebox'
import { callsTo, scriptCallsTo } from '../../language/calls.ts'
import { withDefault, type Resolved } from '../../language/schema.ts'

export function learningRate(value: number) {
  return withDefault(
    Type.Number({ description: 'The size of each step along the gradient.', exclusiveMinimum: 0, examples: [value] }),
    value,
  )
}

export function decayRate(description: string, value: number) {
  return withDefault(Type.Number({ description, minimum: 0, exclusiveMaximum: 1, examples: [value] }), value)
}

export const epsilon = withDefault(
  Type.Number({
    description: 'Added to the denominator to avoid division by zero.',
    exclusiveMinimum: 0,
    examples: [1e-7],
  }),
  1e-7,
)

/** Builds calls of the optimizers of TensorFlow.js. */
export const trainCall = callsTo<typeof import('@tensorflow/tfjs').train>('tf.train.')

/** Builds calls of the optimizers that are part of compiled scripts. */
export const ruleCall = scriptCallsTo<typeof import('../../script/ruleOptimizer.ts')>()

/** The values of the named options, up to the last one that differs from its default. */
export function upToDefaults<const S extends TObject, const N extends readonly (keyof Resolved<S> & string)[]>(
  schema: S,
  options: Resolved<S>,
  ...names: N
) {
  const defaults = schema.properties as Record<string, { readonly default?: unknown }>
  const last = names.findLastIndex((name) => options[name] !== defaults[name]?.default)
  return names.slice(0, last + 1).map((name) => options[name]) as { [I in keyof N]?: Resolved<S>[N[I]] }
}
