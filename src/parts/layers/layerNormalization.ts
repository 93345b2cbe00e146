/** Layer normalization (Ba, Kiros and Hinton, 2016). */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { repeatedAxis, unknownSize } from '../../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { formatShape, isKnown, knownSize, type Dim, type Shape } from '../../language/dims.ts'
import { defineElementwise } from './elementwise.ts'
import { flag, initializerField, regularizerField } from '../../language/fields.ts'
import { ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { pointReceptiveFields } from './window.ts'

const call = callsTo<typeof import('./batchNormalization.run.ts')>()

const axis = { type: 'integer' }

const schema = fieldsOf(
  {
    axis: withDefault(
      Type.Unsafe<number | readonly number[]>({
        description:
          'The axis, or axes, over which to compute mean and variance, counting the batch as 0; -1 is the last.',
        examples: [-1, [1, 2]],
        anyOf: [axis, { type: 'array', items: axis, minItems: 1 }],
      }),
      -1,
    ),
    epsilon: withDefault(
      Type.Number({
        description: 'Added to the variance to avoid division by zero.',
        exclusiveMinimum: 0,
        examples: [0.000001],
      }),
      0.001,
    ),
    center: flag('Whether to add a learned offset, beta.', true),
    scale: flag('Whether to multiply by a learned factor, gamma.', true),
    betaInitializer: initializerField('offset', 'zeros'),
    gammaInitializer: initializerField('factor', 'ones'),
    betaRegularizer: regularizerField('offset'),
    gammaRegularizer: regularizerField('factor'),
  },
  'Normalizes each sample to mean 0 and variance 1 along an axis, in training and prediction.',
)

function sizesAlong(axes: number | readonly number[], values: Shape): Dim[] {
  return [axes].flat().map((one) => values[sampleAxis(one, values.length)!]!)
}

export const layerNormalization = defineElementwise(schema, {
  aliases: {
    same: ['LayerNormalisation'],
    near: ['LayerNorm', 'nn.LayerNorm', 'ln'],
  },
  role: 'normalization',
  masks: () => ({ passes: true }),
  shape(options, [values]) {
    const axes = [options.axis].flat()
    const found = axes.map((one) => sampleAxis(one, values.length))
    const missing = found.indexOf(undefined)
    if (missing >= 0) return noSuchAxis('axis', axes[missing]!, values)
    const repeated = axes.find((_one, index) => found.indexOf(found[index]) !== index)
    if (repeated !== undefined) return problem({ ...repeatedAxis(repeated), option: 'axis' })
    const hasWeights = options.scale || options.center
    if (!hasWeights || sizesAlong(axes, values).every(isKnown)) return ok(values)
    const what = 'the size of its axis'
    return problem(unknownSize({ layer: 'layerNormalization', what, input: formatShape(values) }))
  },
  inputsAgreeIn: () => 'rank',
  weights(options, [values]) {
    const shape = sizesAlong(options.axis, values) as number[]
    return [
      ...(options.scale ? [{ name: 'gamma', shape, trainable: true }] : []),
      ...(options.center ? [{ name: 'beta', shape, trainable: true }] : []),
    ]
  },
  receptiveFields: ({ axis: over }) => (over === -1 ? pointReceptiveFields : []),
  flops(_options, _inputs, output) {
    return 8 * knownSize(output)
  },
  /** The layer of tf.layers has no gradient without a factor and an offset, and takes at most three axes. */
  lower: (options, { inputs: [values] }) =>
    options.scale && options.center && values.length <= 3
      ? layerCall('layerNormalization', given(schema, options))
      : call('layerNormalizationLayer', given(schema, options)),
})
