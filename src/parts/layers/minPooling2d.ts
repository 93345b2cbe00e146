/** 2-d min pooling: the smallest value of each window. tf.layers has none. */
import { definePooling2d } from './pooling.ts'

export const minPooling2d = definePooling2d(
  'minPooling2d',
  'The smallest value of each window, channel by channel.',
  'minPooling2dLayer',
)
