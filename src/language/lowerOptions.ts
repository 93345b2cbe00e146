/** Lowers the options of a part to the argument of the function that is called for it, such as a tf.layers factory. */
import type { Static, TObject, TOptional } from 'typebox'
import { callsTo } from './calls.ts'
import { lowerConstraint } from './constraints.ts'
import type { Call, Expression } from './expression.ts'
import { lowerInitializer } from './initializers.ts'
import { lowerRegularizer } from './regularizers.ts'
import { erase, type ChoiceValue, type Options, type PartDef, type Properties, type Resolved } from './schema.ts'

/** Builds calls of the functions of TensorFlow.js. */
export const tfCall = callsTo<typeof import('@tensorflow/tfjs')>('tf.')

/** Builds calls of the factories of tf.layers. */
export const layerCall = callsTo<typeof import('@tensorflow/tfjs').layers>('tf.layers.')

/**
 * The options of a part that differ from their defaults, which the called function shares. Initializers that draw random
 * numbers are always included, because each needs its seed. Options that end in `Initializer`, `Regularizer` or
 * `Constraint` are lowered to calls.
 */
export type Given<S extends TObject> = TObject extends S ? Options : GivenFields<S>

type GivenFields<S extends TObject> = {
  readonly [K in keyof Properties<S> as Properties<S>[K] extends TOptional ? never : K]: Static<Properties<S>[K]>
} & {
  readonly [K in keyof Properties<S> as Properties<S>[K] extends TOptional ? K : never]?:
    (K extends `${string}${'Initializer' | 'Regularizer' | 'Constraint'}` ? Call : Static<Properties<S>[K]>) | undefined
}

export function given<S extends TObject>(schema: S, options: Resolved<S>): Given<S> {
  const differing: Record<string, unknown> = {}
  const defaults = schema.properties as Record<string, { default?: unknown }>
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || !Object.hasOwn(defaults, key)) continue
    if (key.endsWith('Initializer')) {
      const lowered = lowerInitializer(value as ChoiceValue)
      if (lowered.args.length > 0 || value !== defaults[key]?.default) differing[key] = lowered
    } else if (key.endsWith('Regularizer')) differing[key] = lowerRegularizer(value as ChoiceValue)
    else if (key.endsWith('Constraint')) differing[key] = lowerConstraint(value as ChoiceValue)
    else if (JSON.stringify(value) !== JSON.stringify(defaults[key]?.default)) differing[key] = value
  }
  return differing as unknown as Given<S>
}

/** A definition whose `lower` takes only the options that differ from their defaults. */
interface LoweringPart<Context extends readonly unknown[]> extends PartDef {
  lower(options: Options, ...context: Context): Call
}

/** As `erase`, for a definition whose `lower` takes only the options that differ from their defaults. */
export function eraseGiven<D extends PartDef>(definition: LoweringPart<never>): D {
  const lower = (options: Options, ...context: never) => definition.lower(given(definition.schema, options), ...context)
  return erase({ ...definition, lower })
}

/** Removes the penalties on weights from the call of a frozen layer: as in Keras, frozen weights add none to the loss. */
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
