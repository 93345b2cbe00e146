/** Makes images lighter or darker, as keras.layers.RandomBrightness. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomBrightness.run.ts')>()

const schema = fieldsOf(
  {
    factor: Type.Number({
      description:
        'The largest value to add to or subtract from all pixels of an image. Pixels are between 0 and 1 and are clipped to that range.',
      exclusiveMinimum: 0,
      maximum: 1,
      examples: [0.2],
    }),
  },
  'Changes the brightness of the image.',
)

export const randomBrightness = defineAugmentation({
  aliases: { near: ['brightness'] },
  schema,
  lower: (options) => call('randomBrightness', options),
})
