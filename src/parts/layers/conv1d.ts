/** 1-d convolution: filters slide along a sequence. */
import { defineConvolution } from './convolution.ts'

export const conv1d = defineConvolution('conv1d', 1)
