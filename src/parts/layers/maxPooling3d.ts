/** 3-d max pooling: the largest value of each window. */
import { definePooling3d } from './pooling.ts'

export const maxPooling3d = definePooling3d(
  'maxPooling3d',
  'The largest value of each window of a volume, channel by channel.',
)
