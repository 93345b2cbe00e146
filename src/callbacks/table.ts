/** Every callback of the language. */
import type { CallbackDef } from './callbackDef.ts'
import { checkpoint } from './checkpoint.ts'
import { earlyStopping } from './earlyStopping.ts'
import { reduceOnPlateau } from './reduceOnPlateau.ts'

export const callbackTable: Readonly<Record<string, CallbackDef>> = { earlyStopping, reduceOnPlateau, checkpoint }
