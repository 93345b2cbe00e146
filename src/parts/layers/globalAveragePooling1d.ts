/** The mean of each channel over a whole sequence. */
import { defineGlobalPooling1d } from './globalPooling.ts'
import { withAliases } from '../../language/schema.ts'

export const globalAveragePooling1d = withAliases(
  defineGlobalPooling1d('globalAveragePooling1d', 'The mean of each channel over all steps, as a vector of channels.'),
  { same: ['GlobalAveragePool1D', 'GlobalAvgPool1D'], near: ['AdaptiveAvgPool1d', 'nn.AdaptiveAvgPool1d'] },
)
