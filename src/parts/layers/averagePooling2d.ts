/** 2-d average pooling: the mean of each window. */
import { definePooling2d } from './pooling.ts'

export const averagePooling2d = definePooling2d('averagePooling2d', 'The mean of each window, channel by channel.')
