/** Enlarges an image by whole factors. */
import { knownSize, scaleDim, type Dim } from '../../language/dims.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { dataFormat, eachAxis, perAxis } from '../../language/fields.ts'
import { interpolationField } from './interpolation.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { joinChannels, splitChannels } from './window.ts'

const schema = fieldsOf(
  {
    size: withDefault(perAxis('The factors of height and width, or one number for both.', 2, 2), [2, 2]),
    dataFormat,
    interpolation: interpolationField('nearest'),
  },
  'Enlarges height x width x channels by whole factors.',
)

export const upSampling2d = defineLayer({
  aliases: {
    same: ['UpsamplingNearest2d', 'nn.UpsamplingNearest2d'],
    near: ['Upsample', 'nn.Upsample', 'UpsamplingBilinear2d', 'nn.UpsamplingBilinear2d'],
    options: { size: { same: ['scale_factor', 'upscale', 'upsampling_factor'] }, interpolation: { near: ['mode'] } },
  },
  schema,
  noOpReason: ({ size }) => (eachAxis(size, 2).every((times) => times === 1) ? 'its factors are 1' : undefined),
  shape(options, [image]) {
    const misfit = notAnImage('upSampling2d', image)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image, options.dataFormat)
    const times = eachAxis(options.size, 2)
    const enlarged: Dim[] = spatial.map((size, axis) => scaleDim(size, times[axis]!))
    return ok(joinChannels({ spatial: enlarged, channels }, options.dataFormat))
  },
  receptiveFields: ({ size }) => eachAxis(size, 2).map((times) => ({ span: 1, stride: 1 / times })),
  weights: () => [],
  flops({ interpolation }, _inputs, output) {
    return interpolation === 'bilinear' ? 8 * knownSize(output) : 0
  },
  /** The engine only accepts a pair. */
  lower({ size, dataFormat: format, interpolation }) {
    return layerCall('upSampling2d', {
      size: eachAxis(size, 2),
      ...(format === 'channelsFirst' ? { dataFormat: format } : {}),
      ...(interpolation === 'bilinear' ? { interpolation } : {}),
    })
  },
})
