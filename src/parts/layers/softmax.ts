/** Softmax as a layer, over an axis of choice. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { repeatedAxis } from '../../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { knownSize } from '../../language/dims.ts'
import { defineElementwise } from './elementwise.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { ok, problem } from '../../language/layerDef.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const integer = { type: 'integer' }

const schema = fieldsOf(
  {
    axis: Type.Optional(
      Type.Unsafe<number | readonly number[]>({
        description:
          'The axis, or axes, along which values sum to 1, counting the batch as 0. The default is the last, as in Keras.',
        examples: [-1, 1],
        anyOf: [integer, { type: 'array', items: integer, minItems: 1 }],
      }),
    ),
  },
  'eˣ divided by its sum along an axis: probabilities.',
)

export const softmax = defineElementwise(schema, {
  example: {},
  aliases: { same: ['nn.Softmax'], near: ['LogSoftmax'] },
  role: 'activation',
  masks: () => ({ reads: 'values', activationInstead: 'softmax' }),
  activation({ axis: given = -1 }, output) {
    const axes = [given].flat()
    const isLast = axes.length === 1 && sampleAxis(axes[0]!, output.length) === output.length - 1
    return isLast ? 'softmax' : `softmax over axis ${axes.join(' and ')}`
  },
  shape(options, [values]) {
    const axes = [options.axis ?? -1].flat()
    const missing = axes.find((one) => sampleAxis(one, values.length) === undefined)
    if (missing !== undefined) return noSuchAxis('axis', missing, values)
    const indices = axes.map((one) => sampleAxis(one, values.length))
    const repeated = axes.find((_one, index) => indices.indexOf(indices[index]) !== index)
    if (repeated !== undefined) return problem({ ...repeatedAxis(repeated), option: 'axis' })
    return ok(values)
  },
  inputsAgreeIn({ axis: given = -1 }, [values]) {
    if (Array.isArray(given)) return 'rank'
    return given === values!.length ? 'rank' : undefined
  },
  /**
   * The engine does not accept negative numbers in a list of axes (softmax.js), so they are counted from 0. For a single
   * axis that is not the last, it throws. A single negative axis stays negative, since a shared layer counts it from the end
   * of each input.
   */
  lower({ axis: given = -1 }, { inputs }) {
    const rank = inputs[0].length
    const axes = [given].flat().map((one) => sampleAxis(one, rank)! + 1)
    const isLast = axes.length === 1 && axes[0] === rank
    if (axes.length > 1) return layerCall('softmax', { axis: axes })
    const axis = typeof given === 'number' ? given : axes[0]!
    return isLast ? layerCall('softmax', { axis }) : call('softmaxLayer', { axis })
  },
  flops(_options, _inputs, output) {
    return 3 * knownSize(output)
  },
})
