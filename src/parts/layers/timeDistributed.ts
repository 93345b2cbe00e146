/** Applies a layer to each step of a sequence separately. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { notImplemented, wrongRank } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, type Shape } from '../../language/dims.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { defineLayer, ok, problem, type LayerDef } from '../../language/layerDef.ts'
import { nestedLayerField, nestLayer, type LookUpLayer, type NestedLayer } from './nestedLayer.ts'
import { patchesOfSteps } from './recurrent.ts'
import { fieldsOf, readChoice, resolveOptions, type ChoiceValue } from '../../language/schema.ts'

const schema = fieldsOf(
  { layer: nestedLayerField('The layer. All steps share its weights.', { dense: { units: 10 } }) },
  'Applies a layer to each step of a sequence separately.',
)

export function defineTimeDistributed(lookUp: LookUpLayer): LayerDef {
  const nest = (value: ChoiceValue, [input]: readonly [Shape]) =>
    nestLayer('timeDistributed', value, input.slice(1), lookUp)
  const held = (value: ChoiceValue, inputs: readonly [Shape]) => (nest(value, inputs) as { value: NestedLayer }).value
  return defineLayer({
    aliases: { options: { layer: { same: ['module'] } } },
    schema,
    shape({ layer }, inputs) {
      const [steps, ...sample] = inputs[0]
      if (steps === undefined || sample.length === 0) {
        const got = `${formatShape(inputs[0])} (${countOf(inputs[0].length, 'axis', 'axes')})`
        const help = 'use the layer without `timeDistributed`'
        return problem(wrongRank({ layer: 'timeDistributed', wants: 'a sequence with at least two axes', got, help }))
      }
      const nested = nest(layer, inputs)
      if (!nested.ok) return nested
      if (nested.value.type === 'randomWidth') {
        const why = 'it draws a different width for each step, so the steps cannot form a sequence'
        const help = 'use `randomWidth` before the images become a sequence'
        return problem({ ...notImplemented({ layer: 'timeDistributed', option: 'layer', why, help }), option: 'layer' })
      }
      return ok([steps, ...nested.value.output])
    },
    weights: ({ layer }, inputs) => held(layer, inputs).weights,
    flops({ layer }, inputs) {
      const [steps] = inputs[0]
      return isKnown(steps) ? steps * held(layer, inputs).flops : 0
    },
    /** The engine passes the mask of all steps to the nested layer, which takes a single step. */
    masks({ layer }) {
      const { type, options } = readChoice(layer)
      const definition = lookUp(type)
      const uses = definition?.masks?.(resolveOptions(definition.schema, options))
      return { passes: true, ...(uses?.reads && { reads: 'values' }) }
    },
    inputsAgreeIn: () => 'shape',
    missingGradient: ({ layer }, inputs) => held(layer, inputs).missingGradient,
    nodePatches: ({ layer }, inputs) => [...patchesOfSteps(inputs[0]), ...held(layer, inputs).nodePatches],
    lower: ({ layer }, placed) => layerCall('timeDistributed', { layer: held(layer, placed.inputs).lower(placed) }),
  })
}
