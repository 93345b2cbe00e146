/** What the factories of tf.layers accept and then do not carry out: found here, before the engine throws or ignores it. */
import { notImplemented } from '../diagnostics/shapeMessages.ts'
import { problem, type LayerProblem, type Suggestion } from './layerDef.ts'

export interface EngineLimit {
  readonly option: string
  /** Whether the spec asks for what the engine lacks. */
  readonly applies: boolean
  /** What the engine does instead. */
  readonly why: string
  /** What to use in its place. */
  readonly help?: string
  /** By default, that the option is removed. */
  readonly suggestion?: Suggestion
}

/** The first limit that the options of a layer run into. */
export function beyondEngine(
  layer: string,
  limits: readonly EngineLimit[],
): { ok: false; problem: LayerProblem } | undefined {
  const limit = limits.find(({ applies }) => applies)
  if (limit === undefined) return undefined
  const { option, why, help = `remove \`${option}\``, suggestion = { kind: 'remove', option } } = limit
  return problem({ ...notImplemented({ layer, option, why, help }), option, suggestions: [suggestion] })
}

/** Keras leaves out the penalty on the output of a layer that another one holds, which no spec can mean. */
export function heldActivityRegularizer(options: { readonly activityRegularizer?: unknown }): EngineLimit {
  return {
    option: 'activityRegularizer',
    applies: options.activityRegularizer !== undefined,
    why: 'penalties on the output of a wrapped layer are ignored',
    help: 'penalize the weights instead, with `kernelRegularizer`',
  }
}
