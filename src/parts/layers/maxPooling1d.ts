/** 1-d max pooling: the largest value of each window. */
import { definePooling1d } from './pooling.ts'

export const maxPooling1d = definePooling1d(
  'maxPooling1d',
  'The largest value of each window of steps, channel by channel.',
)
