/** 1-d convolution over a sequence. */
import { defineConvolution } from './convolution.ts'
import { withAliases } from '../../language/schema.ts'

export const conv1d = withAliases(defineConvolution('conv1d', 1), { same: ['Convolution1D', 'nn.Conv1d'] })
