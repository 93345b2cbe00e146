/** The mean of each channel over the whole image. */
import { defineGlobalPooling2d } from './globalPooling.ts'
import { withAliases } from '../../language/schema.ts'

export const globalAveragePooling2d = withAliases(
  defineGlobalPooling2d(
    'globalAveragePooling2d',
    'The mean of each channel over the whole image, as a vector of channels.',
  ),
  {
    same: ['GlobalAvgPool2D', 'GlobalAvgPooling2D', 'GlobalAveragePool2D'],
    near: ['AdaptiveAvgPool2d', 'gap', 'nn.AdaptiveAvgPool2d'],
  },
)
