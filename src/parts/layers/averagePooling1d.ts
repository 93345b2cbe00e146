/** 1-d average pooling: the mean of each window. */
import { definePooling1d } from './pooling.ts'

export const averagePooling1d = definePooling1d(
  'averagePooling1d',
  'The mean of each window of steps, channel by channel.',
)
