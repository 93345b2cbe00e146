/** Mirrors images, as keras.layers.RandomFlip. */
import { callsTo } from '../../language/calls.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomFlip.run.ts')>()

const schema = fieldsOf(
  {
    mode: withDefault(
      oneOf(['horizontal', 'vertical', 'horizontalAndVertical'] as const, {
        description: 'Left to right, top to bottom, or both, each with a probability of one half.',
        examples: ['vertical'],
      }),
      'horizontal',
    ),
  },
  'Mirrors each image with a probability of one half.',
)

export const randomFlip = defineAugmentation({
  aliases: { same: ['RandomHorizontalFlip', 'HorizontalFlip'], near: ['RandomVerticalFlip', 'flip'] },
  schema,
  example: {},
  misfits(_options, _shape, { mirroringMatters }) {
    if (mirroringMatters !== true) return []
    return [
      {
        kind: 'odd',
        message: 'mirroring changes the meaning of these samples',
        help: 'remove `randomFlip`; `randomCrop` and `randomRotation` keep the meaning',
      },
    ]
  },
  lower: (options) => call('randomFlip', options),
})
