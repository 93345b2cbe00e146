/** Changes how far values are from their mean: keras.layers.RandomContrast. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomContrast.run.ts')>()

const schema = fieldsOf(
  {
    factor: Type.Number({
      description:
        'How much more or less the values differ from the mean of their channel: 0.2 is from 0.8 to 1.2 times as much.',
      exclusiveMinimum: 0,
      maximum: 1,
      examples: [0.2],
    }),
  },
  'Makes the image stronger or weaker in contrast.',
)

export const randomContrast = defineAugmentation({
  aliases: { near: ['contrast'] },
  schema,
  lower: (options) => call('randomContrast', options),
})
