/** Runs a recurrent layer in both directions (Schuster and Paliwal, 1997). */
import { knownSize, scaleDim, type Shape } from '../../language/dims.ts'
import { checkEngineLimits } from '../../language/engineLimits.ts'
import { callsTo } from '../../language/calls.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { oneOf } from '../../language/fields.ts'
import { defineLayer, ok, type LayerDef } from '../../language/layerDef.ts'
import { nestedLayerField, nestLayer, type LookUpLayer, type NestedLayer } from './nestedLayer.ts'
import { fieldsOf, readChoice, resolveOptions, withDefault, type ChoiceValue } from '../../language/schema.ts'

const run = callsTo<typeof import('./gru.run.ts')>()

const schema = fieldsOf(
  {
    layer: nestedLayerField('The recurrent layer. A second copy processes the steps in reverse order.', {
      gru: { units: 64 },
    }),
    mergeMode: withDefault(
      oneOf(['concat', 'sum', 'mul', 'ave'] as const, {
        description: 'How to merge both outputs: concatenated, or their sum, product or mean.',
        examples: ['sum'],
      }),
      'concat',
    ),
  },
  'A recurrent layer and a copy of it that processes the steps in reverse order.',
)

/** The layers that the engine can copy from their configuration, which fails for `rnn` (wrappers.js, `Bidirectional`). */
const runnable: ReadonlySet<string> = new Set(['simpleRNN', 'gru', 'lstm', 'convLstm2d'])

export function defineBidirectional(lookUp: LookUpLayer): LayerDef {
  const nest = (value: ChoiceValue, [input]: readonly [Shape]) => nestLayer('bidirectional', value, input, lookUp)
  const held = (value: ChoiceValue, inputs: readonly [Shape]) => (nest(value, inputs) as { value: NestedLayer }).value
  return defineLayer({
    aliases: { near: ['BiRNN'], options: { mergeMode: { near: ['merge'] }, layer: { same: ['rnn'] } } },
    schema,
    shape({ layer, mergeMode }, inputs) {
      const nested = nest(layer, inputs)
      if (!nested.ok) return nested
      const limit = checkEngineLimits('bidirectional', [
        {
          option: 'layer',
          applies: !runnable.has(nested.value.type),
          why: `\`${nested.value.type}\` cannot run backwards`,
          help: 'use `lstm`, `gru`, `simpleRNN` or `convLstm2d`',
        },
      ])
      if (limit) return { ok: false, problem: { ...limit.problem, suggestions: [] } }
      const { output } = nested.value
      return ok(mergeMode === 'concat' ? [...output.slice(0, -1), scaleDim(output.at(-1)!, 2)] : output)
    },
    weights({ layer }, inputs) {
      const { weights } = held(layer, inputs)
      return ['forward', 'backward'].flatMap((direction) =>
        weights.map(({ name, shape, trainable }) => ({ name: `${direction}/${name}`, shape, trainable })),
      )
    },
    flops({ layer, mergeMode }, inputs, output) {
      const merged = mergeMode === 'concat' ? 0 : knownSize(output)
      return 2 * held(layer, inputs).flops + merged
    },
    masks({ layer }) {
      const { type, options } = readChoice(layer)
      const definition = lookUp(type)
      return definition?.masks?.(resolveOptions(definition.schema, options)) ?? {}
    },
    inputsAgreeIn: () => 'stepShape',
    missingGradient: ({ layer }, inputs) => held(layer, inputs).missingGradient,
    nodePatches: ({ layer }, inputs) => held(layer, inputs).nodePatches,
    /** The engine copies the nested layer from its configuration, which would replace a layer of the runtime by its own. */
    lower({ layer, mergeMode }, placed) {
      const made = held(layer, placed.inputs).lower(placed)
      const options = { layer: made, ...(mergeMode !== 'concat' && { mergeMode }) }
      return made.callee.startsWith('tf.layers.')
        ? layerCall('bidirectional', options)
        : run('bidirectionalLayer', options)
    },
  })
}
