/** 2-d average pooling: the mean of each window. */
import { definePooling2d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const averagePooling2d = withAliases(
  definePooling2d('averagePooling2d', 'The mean of each window, per channel.', ['fixAveragePooling']),
  { same: ['AvgPool2d', 'nn.AvgPool2d', 'AvgPooling2D', 'AveragePool2D'], near: ['MeanPooling2D'] },
)
