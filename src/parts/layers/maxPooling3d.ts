/** 3-d max pooling: the largest value of each window. */
import { definePooling3d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const maxPooling3d = withAliases(
  definePooling3d('maxPooling3d', 'The largest value of each window of a volume, per channel.'),
  { same: ['MaxPool3d', 'nn.MaxPool3d'] },
)
