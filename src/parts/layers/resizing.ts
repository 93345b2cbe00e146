/** Resizes an image. */
import { callsTo } from '../../language/calls.ts'
import { knownSize, sameShape } from '../../language/dims.ts'
import { checkEngineLimits } from '../../language/engineLimits.ts'
import { count, flag } from '../../language/fields.ts'
import { interpolationField } from './interpolation.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { given } from '../../language/lowerOptions.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./preprocessing.run.ts')>()

const schema = fieldsOf(
  {
    height: count('The output height.', 32),
    width: count('The output width.', 32),
    interpolation: interpolationField('bilinear'),
    cropToAspectRatio: flag(
      'Whether to crop images with other proportions instead of stretching them. Not implemented: only `false` is accepted.',
      false,
    ),
  },
  'Resizes height x width x channels.',
)

export const resizing = defineLayer({
  schema,
  noOpReason: (_options, [image], output) => (sameShape(image, output) ? 'its input already has that size' : undefined),
  shape(options, [image]) {
    const why = 'it only changes the alignment of corners and crops nothing'
    const limit = { option: 'cropToAspectRatio', applies: options.cropToAspectRatio, why }
    const misfit = checkEngineLimits('resizing', [limit]) ?? notAnImage('resizing', image)
    return misfit ?? ok([options.height, options.width, image[2]!])
  },
  weights: () => [],
  flops({ interpolation }, _inputs, output) {
    return interpolation === 'bilinear' ? 8 * knownSize(output) : 0
  },
  lower: (options) => call('resizingLayer', given(schema, options)),
})
