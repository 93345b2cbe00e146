/** 2-d min pooling: the smallest value of each window. tf.layers has none. */
import { definePooling2d } from './pooling.ts'
import { withAliases } from '../../language/schema.ts'

export const minPooling2d = withAliases(
  definePooling2d('minPooling2d', 'The smallest value of each window, channel by channel.', 'minPooling2dLayer'),
  { same: ['MinPool2d', 'nn.MinPool2d'], near: ['minPool', 'nn.MinPool'] },
)
