/** The mean of each channel over the whole image. */
import { defineGlobalPooling2d } from './globalPooling.ts'

export const globalAveragePooling2d = defineGlobalPooling2d(
  'globalAveragePooling2d',
  'The mean of each channel over the whole image: one vector of channels.',
)
