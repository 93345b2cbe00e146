/** The largest value of each channel over a whole sequence. */
import { defineGlobalPooling1d } from './globalPooling.ts'

export const globalMaxPooling1d = defineGlobalPooling1d(
  'globalMaxPooling1d',
  'The largest value of each channel over all steps: one vector of channels.',
)
