/** 3-d average pooling: the mean of each window. */
import { definePooling3d } from './pooling.ts'

export const averagePooling3d = definePooling3d(
  'averagePooling3d',
  'The mean of each window of a volume, channel by channel.',
)
