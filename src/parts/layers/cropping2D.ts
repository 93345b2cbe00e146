/** Removes the borders of an image. */
import { fallsToZero } from '../../diagnostics/shapeMessages.ts'
import { bordersField, bordersOf } from './borders.ts'
import { addDim, formatDim, formatShape, isKnown, type Dim } from '../../language/dims.ts'
import { callsTo } from '../../language/calls.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { dataFormat } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'
import { joinChannels, pointReceptiveFields, splitChannels } from './window.ts'

const run = callsTo<typeof import('./preprocessing.run.ts')>()

const schema = fieldsOf(
  { cropping: bordersField('The number of rows and columns to remove'), dataFormat },
  'Removes rows and columns at the sides of height x width x channels.',
)

export const cropping2D = defineLayer({
  aliases: { same: ['Crop2D'], options: { cropping: { same: ['crop'] } } },
  schema,
  noOpReason: ({ cropping }) =>
    bordersOf(cropping)
      .flat()
      .every((rows) => rows === 0)
      ? 'it removes no row and no column'
      : undefined,
  shape(options, [image]) {
    const misfit = notAnImage('cropping2D', image)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image, options.dataFormat)
    const borders = bordersOf(options.cropping)
    const cropped: Dim[] = spatial.map((size, axis) => addDim(size, -borders[axis]![0] - borders[axis]![1]))
    const axis = cropped.findIndex((size) => isKnown(size) && size <= 0)
    if (axis >= 0) {
      const [before, after] = borders[axis]!
      const result = `${formatDim(spatial[axis]!)} - ${before} - ${after} = ${formatDim(cropped[axis]!)}`
      const facts = { what: '`cropping`', input: formatShape(image), result }
      return problem({ ...fallsToZero(facts), option: 'cropping' })
    }
    return ok(joinChannels({ spatial: cropped, channels }, options.dataFormat))
  },
  receptiveFields: () => pointReceptiveFields,
  weights: () => [],
  flops: () => 0,
  /** The layer of tf.layers treats an unknown size as 0 (convolutional.js, `Cropping2D.computeOutputShape`). */
  lower({ cropping, dataFormat: format }, { inputs }) {
    const { spatial } = splitChannels(inputs[0], format)
    const options = { cropping: bordersOf(cropping), ...(format === 'channelsFirst' && { dataFormat: format }) }
    return spatial.every(isKnown) ? layerCall('cropping2D', options) : run('cropping2DLayer', options)
  },
})
