/** Every optimizer of the language. */
import { adadelta } from './adadelta.ts'
import { adagrad } from './adagrad.ts'
import { adam } from './adam.ts'
import { adamax } from './adamax.ts'
import { momentum } from './momentum.ts'
import type { OptimizerDef } from '../../language/optimizerDef.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

export const optimizerTable: Readonly<Record<string, OptimizerDef>> = {
  sgd,
  momentum,
  adam,
  adamax,
  adagrad,
  adadelta,
  rmsprop,
}
