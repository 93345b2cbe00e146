/** 3-d convolution: filters slide through a volume. */
import { defineConvolution } from './convolution.ts'

export const conv3d = defineConvolution('conv3d', 3)
