/** 3-d convolution over a volume. */
import { defineConvolution } from './convolution.ts'
import { withAliases } from '../../language/schema.ts'

export const conv3d = withAliases(defineConvolution('conv3d', 3), { same: ['Convolution3D', 'nn.Conv3d'] })
