/** 2-d max pooling: the largest value of each window. */
import { definePooling2d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const maxPooling2d = withAliases(
  definePooling2d('maxPooling2d', 'The largest value of each window, per channel.'),
  { same: ['MaxPool2d', 'nn.MaxPool2d'], near: ['maxPool'] },
)
