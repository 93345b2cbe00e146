/** Moves images: torchvision.transforms.RandomCrop with padding. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomCrop.run.ts')>()

const schema = fieldsOf(
  {
    padding: Type.Integer({
      description: 'How many black pixels are put at each side before the image is cut to its size again.',
      minimum: 1,
      examples: [4],
    }),
  },
  'Moves the image by up to `padding` pixels in each direction; what comes in is black.',
)

export const randomCrop = defineAugmentation({
  schema,
  misfits({ padding }, [height, width]) {
    const side = Math.min(height, width)
    if (padding < side) return []
    return [
      {
        option: 'padding',
        kind: 'wrong',
        message: `cut out with a padding of ${padding}, an image of ${height}x${width} may be all black`,
        help: `an eighth of the image is usual: ${Math.max(1, Math.round(side / 8))}`,
      },
    ]
  },
  lower: (options) => call('randomCrop', options),
})
