/** Options of a layer to the argument of its tf.layers factory. */
import type { TObject } from 'typebox'
import { lowerConstraint } from './constraints.ts'
import { call, type Call, type Expressible, type Expression } from './expression.ts'
import { lowerInitializer } from './initializers.ts'
import { lowerRegularizer } from './regularizers.ts'
import type { ChoiceValue, Resolved } from './schema.ts'

/**
 * tf.layers.FACTORY({...}): what differs from the default, which is the engine's own, and every initializer, for a
 * random one needs its seed. The field's name says what it is, as in tf.layers: kernelInitializer, biasRegularizer.
 */
export function lowerLayer<S extends TObject>(factory: string, schema: S, options: Resolved<S>): Call {
  return lowerCall(`tf.layers.${factory}`, schema, options)
}

/** As `lowerLayer`, for a function of the runtime that makes the layer. */
export function lowerCall<S extends TObject>(callee: string, schema: S, options: Resolved<S>): Call {
  const args: Record<string, Expressible> = {}
  const defaults = schema.properties as Record<string, { default?: unknown }>
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || !Object.hasOwn(defaults, key)) continue
    if (key.endsWith('Initializer')) {
      const lowered = lowerInitializer(value as ChoiceValue)
      if (lowered.args.length > 0 || value !== defaults[key]?.default) args[key] = lowered
    } else if (key.endsWith('Regularizer')) args[key] = lowerRegularizer(value as ChoiceValue)
    else if (key.endsWith('Constraint')) args[key] = lowerConstraint(value as ChoiceValue)
    else if (JSON.stringify(value) !== JSON.stringify(defaults[key]?.default)) args[key] = value as Expressible
  }
  return call(callee, args)
}

/** The call of a frozen layer: as in Keras, weights that are not trained add no penalty to the loss. */
export function withoutWeightPenalties(frozen: Call): Call {
  return { ...frozen, args: frozen.args.map(dropWeightPenalties) }
}

function dropWeightPenalties(expression: Expression): Expression {
  switch (expression.kind) {
    case 'call':
      return withoutWeightPenalties(expression)
    case 'list':
      return { ...expression, items: expression.items.map(dropWeightPenalties) }
    case 'record': {
      const kept = expression.fields.filter(([key]) => !key.endsWith('Regularizer') || key === 'activityRegularizer')
      return { ...expression, fields: kept.map(([key, value]) => [key, dropWeightPenalties(value)] as const) }
    }
    default:
      return expression
  }
}

/** A call with the options that are not the default, and none where all are. */
export function lowerFunction<S extends TObject>(name: string, schema: S, options: Resolved<S>): Call {
  const lowered = lowerCall(name, schema, options)
  const [given] = lowered.args
  return given?.kind === 'record' && given.fields.length > 0 ? lowered : call(name)
}
