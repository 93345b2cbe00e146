/** The largest value of each channel over the whole image. */
import { defineGlobalPooling2d } from './globalPooling.ts'
import { withAliases } from '../../language/schema.ts'

export const globalMaxPooling2d = withAliases(
  defineGlobalPooling2d(
    'globalMaxPooling2d',
    'The largest value of each channel over the whole image, as a vector of channels.',
  ),
  { same: ['GlobalMaxPool2D'], near: ['AdaptiveMaxPool2d', 'nn.AdaptiveMaxPool2d', 'gmp'] },
)
