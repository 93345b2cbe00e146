/** The largest value of each channel over the whole image. */
import { defineGlobalPooling2d } from './globalPooling.ts'

export const globalMaxPooling2d = defineGlobalPooling2d(
  'globalMaxPooling2d',
  'The largest value of each channel over the whole image: one vector of channels.',
)
