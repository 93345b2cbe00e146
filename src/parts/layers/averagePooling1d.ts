/** 1-d average pooling: the mean of each window. */
import { definePooling1d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const averagePooling1d = withAliases(
  definePooling1d('averagePooling1d', 'The mean of each window of steps, per channel.', ['fixAveragePooling']),
  { same: ['AvgPool1d', 'nn.AvgPool1d', 'AvgPooling1D', 'AveragePool1D'] },
)
