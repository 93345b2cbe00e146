/** Pads an image with zeros. */
import { bordersField, bordersOf } from './borders.ts'
import { addDim, type Dim } from '../../language/dims.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { dataFormat } from '../../language/fields.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { joinChannels, pointReceptiveFields, splitChannels } from './window.ts'

const schema = fieldsOf(
  {
    padding: withDefault(bordersField('The number of zeros'), [
      [1, 1],
      [1, 1],
    ]),
    dataFormat,
  },
  'Adds zeros around height x width x channels.',
)

export const zeroPadding2d = defineLayer({
  aliases: { same: ['ZeroPad2d', 'nn.ZeroPad2d'] },
  schema,
  noOpReason: ({ padding }) =>
    bordersOf(padding)
      .flat()
      .every((rows) => rows === 0)
      ? 'it adds no row and no column'
      : undefined,
  shape(options, [image]) {
    const misfit = notAnImage('zeroPadding2d', image)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image, options.dataFormat)
    const borders = bordersOf(options.padding)
    const padded: Dim[] = spatial.map((size, axis) => addDim(size, borders[axis]![0] + borders[axis]![1]))
    return ok(joinChannels({ spatial: padded, channels }, options.dataFormat))
  },
  receptiveFields: () => pointReceptiveFields,
  weights: () => [],
  flops: () => 0,
  lower({ padding: value, dataFormat: format }) {
    return layerCall('zeroPadding2d', {
      padding: bordersOf(value),
      ...(format === 'channelsFirst' ? { dataFormat: format } : {}),
    })
  },
})
