/** Turns images: torchvision.transforms.RandomRotation. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomRotation.run.ts')>()

const schema = fieldsOf(
  {
    degrees: Type.Number({
      description: 'The largest angle, in degrees, to either side.',
      exclusiveMinimum: 0,
      maximum: 180,
      examples: [10],
    }),
  },
  'Turns the image about its middle; corners that come in are black.',
)

export const randomRotation = defineAugmentation({
  aliases: { near: ['rotation'] },
  schema,
  misfits({ degrees }, _shape, { handed }) {
    if (handed !== true || degrees <= 45) return []
    return [
      {
        option: 'degrees',
        kind: 'odd',
        message: `turned by up to ${degrees} degrees, these samples mean something else, or nothing`,
        help: '10 to 15 degrees are usual',
      },
    ]
  },
  lower: (options) => call('randomRotation', options),
})
