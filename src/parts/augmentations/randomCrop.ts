/** Shifts images, as torchvision.transforms.RandomCrop with padding. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./randomCrop.run.ts')>()

const schema = fieldsOf(
  {
    padding: Type.Integer({
      description: 'The number of black pixels added to each side before the image is cropped to its original size.',
      minimum: 1,
      examples: [4],
    }),
  },
  'Shifts the image by up to `padding` pixels in each direction. Uncovered pixels are black.',
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
        message: `with a padding of ${padding}, a crop of a ${height}x${width} image may be all black`,
        help: `an eighth of the side is typical: ${Math.max(1, Math.round(side / 8))}`,
      },
    ]
  },
  lower: (options) => call('randomCrop', options),
})
