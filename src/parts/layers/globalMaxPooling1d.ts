/** The largest value of each channel over a whole sequence. */
import { defineGlobalPooling1d } from './globalPooling.ts'
import { withAliases } from '../../language/schema.ts'

export const globalMaxPooling1d = withAliases(
  defineGlobalPooling1d(
    'globalMaxPooling1d',
    'The largest value of each channel over all steps, as a vector of channels.',
  ),
  { same: ['GlobalMaxPool1D'], near: ['AdaptiveMaxPool1d', 'nn.AdaptiveMaxPool1d'] },
)
