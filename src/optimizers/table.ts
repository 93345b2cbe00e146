/** Every optimizer of the language. */
import { adam } from './adam.ts'
import { momentum } from './momentum.ts'
import type { OptimizerDef } from './optimizerDef.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

export const optimizerTable: Readonly<Record<string, OptimizerDef>> = { sgd, momentum, adam, rmsprop }
