/** Transposed 3-d convolution: enlarges a volume. */
import { defineTransposedConvolution } from './transposedConvolution.ts'

export const conv3dTranspose = defineTransposedConvolution('conv3dTranspose', 3)
