/** A layer of long short-term memory (Hochreiter and Schmidhuber, 1997). */
import { recurrentLayers } from './recurrent.ts'

export const { lstm } = recurrentLayers
