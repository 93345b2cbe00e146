/** The mean of each channel over a whole sequence. */
import { defineGlobalPooling1d } from './globalPooling.ts'

export const globalAveragePooling1d = defineGlobalPooling1d(
  'globalAveragePooling1d',
  'The mean of each channel over all steps: one vector of channels.',
)
