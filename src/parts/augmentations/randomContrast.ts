/** Scales the distance of values from their mean, as keras.layers.RandomContrast. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomContrast.run.ts')>()

const schema = fieldsOf(
  {
    factor: Type.Number({
      description:
        'The largest relative change of the differences from the mean of a channel: 0.2 scales them by 0.8 to 1.2.',
      exclusiveMinimum: 0,
      maximum: 1,
      examples: [0.2],
    }),
  },
  'Changes the contrast of the image.',
)

export const randomContrast = defineAugmentation({
  aliases: { near: ['contrast'] },
  schema,
  lower: (options) => call('randomContrast', options),
})
