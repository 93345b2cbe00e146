/** Makes images lighter or darker: keras.layers.RandomBrightness. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomBrightness.run.ts')>()

const schema = fieldsOf(
  {
    factor: Type.Number({
      description:
        'The largest number that is added to all values of an image, or taken from them; they lie between 0 and 1, and stay there.',
      exclusiveMinimum: 0,
      maximum: 1,
      examples: [0.2],
    }),
  },
  'Makes the image lighter or darker.',
)

export const randomBrightness = defineAugmentation({
  aliases: { near: ['brightness'] },
  schema,
  lower: (options) => call('randomBrightness', options),
})
