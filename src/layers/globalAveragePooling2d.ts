/** The mean of each channel over the whole image. */
import { isKnown, productOf } from './dims.ts'
import { dataFormat } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { notAnImage } from './rank.ts'
import { fieldsOf } from './schema.ts'
import { splitChannels } from './window.ts'

const schema = fieldsOf({ dataFormat }, 'The mean of each channel over the whole image: one vector of channels.')

export const globalAveragePooling2d = defineLayer({
  schema,
  shape(options, [image]) {
    return notAnImage('globalAveragePooling2d', image!) ?? ok([splitChannels(image!, options.dataFormat).channels])
  },
  weights: () => [],
  flops(_options, [image]) {
    const values = productOf(image!)
    return isKnown(values) ? values : 0
  },
  lower: (options) => lowerLayer('globalAveragePooling2d', schema, options),
})
