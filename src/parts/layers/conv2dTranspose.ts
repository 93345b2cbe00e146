/** Transposed 2-d convolution: enlarges an image. */
import { defineTransposedConvolution } from './transposedConvolution.ts'
import { withAliases } from '../../language/schema.ts'

export const conv2dTranspose = withAliases(defineTransposedConvolution('conv2dTranspose', 2), {
  same: ['ConvTranspose2d', 'nn.ConvTranspose2d', 'Deconvolution2D', 'Convolution2DTranspose'],
  near: ['Deconv2d'],
})
