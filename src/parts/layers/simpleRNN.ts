/** A plain recurrent layer. */
import { recurrentLayers } from './recurrent.ts'

export const { simpleRNN } = recurrentLayers
