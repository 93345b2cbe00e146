/** The constraints that weights are projected onto after each step: tf.constraints by name. */
import * as Type from 'typebox'
import { constraintAxis, constraintBounds } from '../diagnostics/shapeMessages.ts'
import { formatShape } from './dims.ts'
import { call, type Call } from './expression.ts'
import type { LayerProblem, Weight } from './layerDef.ts'
import { fieldsOf, lookUp, readChoice, resolveOptions, withDefault, type ChoiceValue, type PartDef } from './schema.ts'

const axis = withDefault(
  Type.Integer({ description: 'The axis along which norms are computed.', minimum: 0, examples: [0] }),
  0,
)
const bound = (description: string, value: number) =>
  withDefault(Type.Number({ description, minimum: 0, examples: [value] }), value)

export const constraints = {
  maxNorm: { schema: fieldsOf({ maxValue: bound('The largest norm.', 2), axis }, 'Limits norms to maxValue.') },
  minMaxNorm: {
    schema: fieldsOf(
      {
        minValue: bound('The smallest norm.', 0),
        maxValue: bound('The largest norm.', 1),
        rate: withDefault(
          Type.Number({
            description: 'The fraction of the way to the bounds that each step moves.',
            minimum: 0,
            maximum: 1,
            examples: [1],
          }),
          1,
        ),
        axis,
      },
      'Keeps norms between two bounds.',
    ),
  },
  nonNeg: { schema: fieldsOf({}, 'Keeps values non-negative.') },
  unitNorm: { schema: fieldsOf({ axis }, 'Keeps norms at 1.') },
} satisfies Partial<Record<keyof typeof import('@tensorflow/tfjs').constraints, PartDef>>

/**
 * Finds a constraint along an axis that its weight does not have, or with a lower bound above the upper one. As for
 * initializers, `kernelConstraint` belongs to the weight whose name begins with `kernel`.
 */
export function findConstraintMisfit(
  options: Readonly<Record<string, unknown>>,
  weights: readonly Weight[],
): LayerProblem | undefined {
  for (const option of Object.keys(options)) {
    if (!option.endsWith('Constraint')) continue
    const { type, options: stated } = readChoice(options[option] as ChoiceValue)
    const prefix = option.slice(0, -'Constraint'.length)
    const weight = weights.find(({ name }) => name.startsWith(prefix))
    if (weight === undefined) continue
    if (type === 'minMaxNorm') {
      const { minValue, maxValue } = resolveOptions(constraints.minMaxNorm.schema, stated)
      if (minValue > maxValue) return { ...constraintBounds({ minValue, maxValue }), option, suggestions: [] }
    }
    const along = stated['axis']
    if (typeof along !== 'number' || along < weight.shape.length) continue
    const facts = { axis: along, weight: weight.name, shape: formatShape(weight.shape), rank: weight.shape.length }
    return { ...constraintAxis(facts), option, suggestions: [] }
  }
  return undefined
}

export function lowerConstraint(value: ChoiceValue): Call {
  const { type, options } = readChoice(value)
  const { schema } = lookUp<PartDef>(constraints, type)
  const resolved = resolveOptions(schema, options) as Record<string, number>
  return Object.keys(resolved).length === 0 ? call(`tf.constraints.${type}`) : call(`tf.constraints.${type}`, resolved)
}
