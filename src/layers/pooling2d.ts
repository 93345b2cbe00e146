/** What 2-d pooling layers have in common; each pooling type is a file of its own that states its name. */
import { isKnown, productOf } from './dims.ts'
import { dataFormat, eachAxis, paddingField, perAxis } from './fields.ts'
import { Type } from 'typebox'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { notAnImage } from './rank.ts'
import { fieldsOf, withDefault } from './schema.ts'
import { joinChannels, slideWindow, splitChannels } from './window.ts'

export function poolingSchema2d(description: string) {
  return fieldsOf(
    {
      poolSize: withDefault(perAxis('Height and width of the window; one number for both.', 2, 2), [2, 2]),
      strides: Type.Optional(
        perAxis('How far the window moves; by default its own size, so that windows do not overlap.', 2, 2),
      ),
      padding: paddingField,
      dataFormat,
    },
    description,
  )
}

/** A layer that takes one value from each window and has no weights. */
export function definePooling2d(factory: string, description: string) {
  const schema = poolingSchema2d(description)
  return defineLayer({
    schema,
    shape(options, [image]) {
      const misfit = notAnImage(factory, image!)
      if (misfit) return misfit
      const { spatial, channels } = splitChannels(image!, options.dataFormat)
      const sizes = eachAxis(options.poolSize, 2)
      const strides = eachAxis(options.strides ?? options.poolSize, 2)
      const slid = slideWindow(spatial, {
        option: 'poolSize',
        sizes,
        strides,
        dilations: [1, 1],
        padding: options.padding,
      })
      return slid.ok ? ok(joinChannels({ spatial: slid.value, channels }, options.dataFormat)) : slid
    },
    weights: () => [],
    flops(options, _inputs, output) {
      const values = productOf(output)
      const [height, width] = eachAxis(options.poolSize, 2)
      return isKnown(values) ? values * height! * width! : 0
    },
    lower: (options) => lowerLayer(factory, schema, options),
  })
}
