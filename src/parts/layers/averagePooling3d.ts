/** 3-d average pooling: the mean of each window. */
import { definePooling3d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const averagePooling3d = withAliases(
  definePooling3d('averagePooling3d', 'The mean of each window of a volume, per channel.'),
  { same: ['AvgPool3d', 'nn.AvgPool3d', 'AvgPooling3D', 'AveragePool3D'] },
)
