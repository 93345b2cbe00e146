/** Batch normalization (Ioffe and Szegedy, 2015). */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { unknownSize } from '../../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { formatShape, isKnown, knownSize } from '../../language/dims.ts'
import { constraintField, flag, initializerField, regularizerField } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { pointReceptiveFields } from './window.ts'

const call = callsTo<typeof import('./batchNormalization.run.ts')>()

const schema = fieldsOf(
  {
    axis: withDefault(
      Type.Integer({
        description: 'The axis with separate statistics, counting the batch as 0; -1 is the channels.',
        examples: [-1],
      }),
      -1,
    ),
    momentum: withDefault(
      Type.Number({
        description: 'The fraction of the moving averages that each step keeps.',
        minimum: 0,
        maximum: 1,
        examples: [0.9],
      }),
      0.99,
    ),
    epsilon: withDefault(
      Type.Number({
        description: 'Added to the variance to avoid division by zero.',
        exclusiveMinimum: 0,
        examples: [0.001],
      }),
      0.001,
    ),
    center: flag('Whether to add a learned offset, beta.', true),
    scale: flag('Whether to multiply by a learned factor, gamma.', true),
    betaInitializer: initializerField('offset', 'zeros'),
    gammaInitializer: initializerField('factor', 'ones'),
    movingMeanInitializer: initializerField('moving mean', 'zeros'),
    movingVarianceInitializer: initializerField('moving variance', 'ones'),
    betaConstraint: constraintField('offset'),
    gammaConstraint: constraintField('factor'),
    betaRegularizer: regularizerField('offset'),
    gammaRegularizer: regularizerField('factor'),
  },
  'Normalizes each channel to mean 0 and variance 1 over the batch. In prediction, and with `trainable: false` also in training, it uses the moving averages.',
)

export const batchNormalization = defineLayer({
  aliases: {
    same: ['BatchNormalisation'],
    near: ['BatchNorm', 'BatchNorm2d', 'nn.BatchNorm2d', 'bn', 'BatchNorm1d', 'nn.BatchNorm1d'],
  },
  role: 'normalization',
  removesBias: true,
  schema,
  masks: () => ({ passes: true }),
  shape(options, [values]) {
    const axis = sampleAxis(options.axis, values.length)
    if (axis === undefined) return noSuchAxis('axis', options.axis, values)
    if (!isKnown(values[axis])) {
      return problem(
        unknownSize({ layer: 'batchNormalization', what: 'the size of its axis', input: formatShape(values) }),
      )
    }
    return ok(values)
  },
  weights(options, [values]) {
    const shape = [values[sampleAxis(options.axis, values.length)!] as number]
    return [
      ...(options.scale ? [{ name: 'gamma', shape, trainable: true }] : []),
      ...(options.center ? [{ name: 'beta', shape, trainable: true }] : []),
      { name: 'movingMean', shape, trainable: false },
      { name: 'movingVariance', shape, trainable: false },
    ]
  },
  flops(_options, _inputs, output) {
    return 4 * knownSize(output)
  },
  inputsAgreeIn: () => 'rank',
  receptiveFields: () => pointReceptiveFields,
  /**
   * The layer of tf.layers normalizes by the batch even when frozen, and trains only with scale and center, along the last
   * axis of at most 3.
   */
  lower(options, { trainable, inputs: [values] }) {
    const rank = values.length
    const isLast = sampleAxis(options.axis, rank) === rank - 1
    return trainable && options.scale && options.center && isLast && rank <= 3
      ? layerCall('batchNormalization', given(schema, options))
      : call('batchNormalizationLayer', given(schema, options))
  },
})
