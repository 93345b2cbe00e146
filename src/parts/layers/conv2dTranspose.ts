/** Transposed 2-d convolution: enlarges an image. */
import { defineTransposedConvolution } from './transposedConvolution.ts'

export const conv2dTranspose = defineTransposedConvolution('conv2dTranspose', 2)
