/** A layer of gated recurrent units (Cho et al., 2014). */
import { recurrentLayers } from './recurrent.ts'

export const { gru } = recurrentLayers
