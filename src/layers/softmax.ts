/** Softmax as a layer, over an axis of choice. */
import { Type } from 'typebox'
import { repeatedAxis } from '../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from './axes.ts'
import { knownSize } from './dims.ts'
import { defineElementwise } from './elementwise.ts'
import { beyondEngine } from './engineLimits.ts'
import { ok, problem } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { fieldsOf, withDefault } from './schema.ts'

const axis = { type: 'integer' }

const schema = fieldsOf(
  {
    axis: withDefault(
      Type.Unsafe<number | readonly number[]>({
        description:
          'The axis, or axes, whose values sum to 1, counting the batch as 0. tf.layers’ default, 1, fits vectors only; -1 is the last axis of any shape.',
        examples: [-1],
        anyOf: [axis, { type: 'array', items: axis, minItems: 1 }],
      }),
      1,
    ),
  },
  'eˣ divided by its sum along an axis: probabilities.',
)

export const softmax = defineElementwise('softmax', schema, {
  role: 'activation',
  masks: () => ({ reads: 'unlike' }),
  activation: () => 'softmax',
  shape(options, [values]) {
    const axes = [options.axis].flat()
    const missing = axes.find((one) => sampleAxis(one, values!.length) === undefined)
    if (missing !== undefined) return noSuchAxis('axis', missing, values!)
    const indices = axes.map((one) => sampleAxis(one, values!.length))
    const repeated = axes.find((_one, index) => indices.indexOf(indices[index]) !== index)
    if (repeated !== undefined) return problem({ ...repeatedAxis('axis', repeated), option: 'axis' })
    const isLast = sampleAxis(axes[0]!, values!.length) === values!.length - 1
    const limit = {
      option: 'axis',
      applies: axes.length === 1 && !isLast,
      why: `it is ${axes[0]}, and over another than the last axis it throws while running`,
      help: 'use -1, or `permute` before it',
      suggestion: { kind: 'set', option: 'axis', value: -1 },
    } as const
    return beyondEngine('softmax', [limit]) ?? ok(values!)
  },
  heldTo: (options) => (typeof options.axis === 'number' ? undefined : 'rank'),
  /** Over several axes the engine does not understand negative ones (softmax.js), so they are counted from 0. */
  lower({ axis: given }, { inputs }) {
    const rank = inputs[0]!.length
    return lowerLayer('softmax', schema, {
      axis: typeof given === 'number' ? given : given.map((one) => sampleAxis(one, rank)! + 1),
    })
  },
  flops(_options, _inputs, output) {
    return 3 * knownSize(output)
  },
})
