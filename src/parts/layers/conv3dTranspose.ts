/** Transposed 3-d convolution: enlarges a volume. */
import { defineTransposedConvolution } from './transposedConvolution.ts'
import { withAliases } from '../../language/schema.ts'

export const conv3dTranspose = withAliases(defineTransposedConvolution('conv3dTranspose', 3), {
  same: ['ConvTranspose3d', 'nn.ConvTranspose3d', 'Convolution3DTranspose'],
})
