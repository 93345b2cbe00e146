/** Rotates images, as torchvision.transforms.RandomRotation. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomRotation.run.ts')>()

const schema = fieldsOf(
  {
    degrees: Type.Number({
      description: 'The largest angle in either direction, in degrees.',
      exclusiveMinimum: 0,
      maximum: 180,
      examples: [10],
    }),
  },
  'Rotates the image around its center. Uncovered corners are black.',
)

export const randomRotation = defineAugmentation({
  aliases: { near: ['rotation'] },
  schema,
  misfits({ degrees }, _shape, { mirroringMatters }) {
    if (mirroringMatters !== true || degrees <= 45) return []
    return [
      {
        option: 'degrees',
        kind: 'odd',
        message: `a rotation by up to ${degrees} degrees changes the meaning of these samples`,
        help: '10 to 15 degrees are typical',
      },
    ]
  },
  lower: (options) => call('randomRotation', options),
})
