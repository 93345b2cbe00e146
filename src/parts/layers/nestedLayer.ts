/** A layer nested in another, written as in `layers`: `layer: { gru: { units: 64 } }`. */
import * as Type from 'typebox'
import { cannotNest, strayInNested } from '../../diagnostics/shapeMessages.ts'
import type { Shape } from '../../language/dims.ts'
import { checkEngineLimits, nestedActivityRegularizer } from '../../language/engineLimits.ts'
import { call, type Call } from '../../language/expression.ts'
import { findConstraintMisfit } from '../../language/constraints.ts'
import { findInitializerMisfit } from '../../language/initializers.ts'
import { withoutWeightPenalties } from '../../language/lowerOptions.ts'
import {
  problem,
  type LayerDef,
  type MissingGradient,
  type NodePatch,
  type PlacedLayer,
  type Result,
  type Weight,
} from '../../language/layerDef.ts'
import { readChoice, resolveOptions, type ChoiceValue } from '../../language/schema.ts'

/** Looks a definition up in the table of layers. It is passed to layers that nest others, because the table imports them. */
export type LookUpLayer = (type: string) => LayerDef | undefined

export function nestedLayerField(description: string, example: object) {
  return Type.Unsafe<ChoiceValue>({ $ref: '#/definitions/layer', description, examples: [example] })
}

/** A nested layer applied to its input. */
export interface NestedLayer {
  readonly type: string
  readonly output: Shape
  readonly weights: readonly Weight[]
  readonly flops: number
  readonly missingGradient: MissingGradient | undefined
  readonly nodePatches: readonly NodePatch[]
  /** The call of its factory, with a name derived from that of the outer layer. */
  lower(holder: PlacedLayer): Call
}

/** Applies the layer nested in `holder` to `input`, or returns the problem that it does not fit. */
export function nestLayer(holder: string, value: ChoiceValue, input: Shape, lookUp: LookUpLayer): Result<NestedLayer> {
  const { type, options: written } = readChoice(value)
  const definition = lookUp(type)
  // Entries of `layers` that are not layers, such as `apply`, have no definition.
  if (definition === undefined || definition.arity.least > 1 || definition.arity.most < 1)
    return problem({ ...cannotNest(holder, type), option: 'layer' })
  const stray = ['name', 'inputs', 'expect'].find((key) => Object.hasOwn(written, key))
  if (stray !== undefined) return problem({ ...strayInNested(holder, stray), option: 'layer', inside: [type, stray] })
  const options = resolveOptions(definition.schema, written)
  const trainable = written['trainable'] !== false
  const inputs = [input]
  const limit = checkEngineLimits(type, [nestedActivityRegularizer(options)])
  if (limit) return problem({ ...limit.problem, option: 'layer', suggestions: [] })
  const shaped = definition.shape(options, inputs)
  if (!shaped.ok) return problem({ ...shaped.problem, option: 'layer', suggestions: [] })
  const output = shaped.value
  const weights = definition.weights(options, inputs)
  const misfit = findInitializerMisfit(options, weights) ?? findConstraintMisfit(options, weights)
  if (misfit) return problem({ ...misfit, option: 'layer', suggestions: [] })
  return {
    ok: true,
    value: {
      type,
      output,
      weights: weights.map(({ name, shape, trainable: own }) => ({ name, shape, trainable: own && trainable })),
      flops: definition.flops(options, inputs, output),
      missingGradient: definition.missingGradient?.(options, inputs),
      nodePatches: definition.nodePatches?.(options, inputs) ?? [],
      lower(placed) {
        const name = `${placed.name}_${type}`
        const isTrained = placed.trainable && trainable
        const made = definition.lower(options, { name, trainable: isTrained, inputs, output })
        const { callee, args } = isTrained ? made : withoutWeightPenalties(made)
        const own = args[0]?.kind === 'record' ? Object.fromEntries(args[0].fields) : {}
        // The engine only reads `trainable` of the nested layer, not of the outer one.
        return call(callee, { name, ...(isTrained ? {} : { trainable: false }), ...own })
      },
    },
  }
}
