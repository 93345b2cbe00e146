/** 2-d max pooling: the largest value of each window. */
import { definePooling2d } from './pooling.ts'

export const maxPooling2d = definePooling2d('maxPooling2d', 'The largest value of each window, channel by channel.')
