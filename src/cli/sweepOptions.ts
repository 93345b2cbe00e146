/** The options of `shapewright sweep`. */
import type { OptionsOf } from './commands/declareCommand.ts'
import type { sweep } from './commands/sweep.ts'

export type SweepOptions = OptionsOf<typeof sweep>
