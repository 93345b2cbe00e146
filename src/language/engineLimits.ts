/** Reports options that the factories of tf.layers accept but do not implement, before the engine throws or ignores them. */
import { notImplemented } from '../diagnostics/shapeMessages.ts'
import { problem, type LayerProblem, type Suggestion } from './layerDef.ts'

export interface EngineLimit {
  readonly option: string
  /** Whether the options of the layer need what the engine lacks. */
  readonly applies: boolean
  /** What the engine does instead. */
  readonly why: string
  /** What to use instead. */
  readonly help?: string
  /** By default, to remove the option. */
  readonly suggestion?: Suggestion
}

/** The problem of the first limit that applies to the options of a layer. */
export function checkEngineLimits(
  layer: string,
  limits: readonly EngineLimit[],
): { ok: false; problem: LayerProblem } | undefined {
  const limit = limits.find(({ applies }) => applies)
  if (limit === undefined) return undefined
  const { option, why, help = `remove \`${option}\``, suggestion = { kind: 'remove', option } } = limit
  return problem({ ...notImplemented({ layer, option, why, help }), option, suggestions: [suggestion] })
}

/** Keras drops the penalty on the output of a nested layer, which cannot be the intent of a spec. */
export function nestedActivityRegularizer(options: { readonly activityRegularizer?: unknown }): EngineLimit {
  return {
    option: 'activityRegularizer',
    applies: options.activityRegularizer !== undefined,
    why: 'penalties on the output of a wrapped layer are ignored',
    help: 'penalize the weights instead, with `kernelRegularizer`',
  }
}
