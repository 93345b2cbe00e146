/** Mirrors images: keras.layers.RandomFlip. */
import { call } from '../layers/expression.ts'
import { oneOf } from '../layers/fields.ts'
import { fieldsOf, withDefault } from '../layers/schema.ts'
import { defineAugmentation } from './augmentationDef.ts'

const schema = fieldsOf(
  {
    mode: withDefault(
      oneOf(['horizontal', 'vertical', 'horizontalAndVertical'] as const, {
        description: 'Left to right, top to bottom, or both, each with a chance of one half.',
        examples: ['vertical'],
      }),
      'horizontal',
    ),
  },
  'Mirrors every second image.',
)

export const randomFlip = defineAugmentation({
  schema,
  misfits(_options, _shape, { handed }) {
    if (handed !== true) return []
    return [
      {
        kind: 'odd',
        message: 'mirrored, these samples mean something else, or nothing',
        help: 'leave `randomFlip` out; `randomCrop` and `randomRotation` keep what they mean',
      },
    ]
  },
  lower: ({ mode }) => call('randomFlip', ...(mode === 'horizontal' ? [] : [{ mode }])),
})
