/** Every callback of the language. */
import type { CallbackDef } from '../../language/callbackDef.ts'
import { checkpoint } from './checkpoint.ts'
import { csvLog } from './csvLog.ts'
import { earlyStopping } from './earlyStopping.ts'
import { reduceOnPlateau } from './reduceOnPlateau.ts'
import { tensorBoard } from './tensorBoard.ts'
import { terminateOnNaN } from './terminateOnNaN.ts'

export const callbackTable: Readonly<Record<string, CallbackDef>> = {
  earlyStopping,
  reduceOnPlateau,
  checkpoint,
  csvLog,
  tensorBoard,
  terminateOnNaN,
}
