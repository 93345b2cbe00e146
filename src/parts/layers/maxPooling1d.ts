/** 1-d max pooling: the largest value of each window. */
import { definePooling1d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const maxPooling1d = withAliases(
  definePooling1d('maxPooling1d', 'The largest value of each window of steps, per channel.'),
  { same: ['MaxPool1d', 'nn.MaxPool1d'] },
)
