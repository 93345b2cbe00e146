/** 2-d convolution: filters slide over an image. */
import { defineConvolution } from './convolution.ts'

export const conv2d = defineConvolution('conv2d', 2)
