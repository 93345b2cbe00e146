/** Resizes the images of each batch to a random width. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { wrongBounds } from '../../diagnostics/shapeMessages.ts'
import { knownSize, symbol } from '../../language/dims.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { flag } from '../../language/fields.ts'
import { interpolationField } from './interpolation.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { seedField } from './noise.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./preprocessing.run.ts')>()

const schema = fieldsOf(
  {
    factor: Type.Unsafe<number | readonly [number, number]>({
      description:
        'The largest relative change of the width: 0.2 for 80% to 120%, or two bounds, [-0.3, 0.1] for 70% to 110%.',
      examples: [0.2, [-0.3, 0.1]],
      anyOf: [
        { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        { type: 'array', items: { type: 'number', minimum: -1 }, minItems: 2, maxItems: 2 },
      ],
    }),
    interpolation: interpolationField('bilinear'),
    seed: seedField,
    autoVectorize: flag('No effect in TensorFlow.js.', false),
  },
  'Stretches height x width x channels to a random width, the same for all images of a batch.',
)

export const randomWidth = defineLayer({
  schema,
  shape({ factor }, [image]) {
    const misfit = notAnImage('randomWidth', image)
    if (misfit) return misfit
    if (typeof factor !== 'number' && factor[0] > factor[1]) {
      const suggestions = [{ kind: 'set', option: 'factor', value: [factor[1], factor[0]] }] as const
      return problem({ ...wrongBounds('factor', factor[0], factor[1]), option: 'factor', suggestions })
    }
    return ok([image[0]!, symbol("W'"), image[2]!])
  },
  weights: () => [],
  flops(_options, [image]) {
    return 8 * knownSize(image)
  },
  lower: ({ factor, interpolation, seed }) =>
    call('randomWidthLayer', {
      factor,
      seed: seed ?? unnumberedSeed,
      ...(interpolation === 'nearest' ? { interpolation } : {}),
    }),
})
