/** 2-d convolution over an image. */
import { defineConvolution } from './convolution.ts'
import { withAliases } from '../../language/schema.ts'

export const conv2d = withAliases(defineConvolution('conv2d', 2), {
  same: ['Convolution2D', 'nn.Conv2d'],
  near: ['conv'],
})
