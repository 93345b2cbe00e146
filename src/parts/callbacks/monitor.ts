/** The fields of callbacks that monitor a value of the logs. */
import * as Type from 'typebox'
import { oneOf } from '../../language/fields.ts'
import { withDefault } from '../../language/schema.ts'
import type { Mode, PlannedRun } from '../../language/callbackDef.ts'

export const monitorFields = {
  monitor: withDefault(
    Type.String({
      description:
        'The value to monitor, by its name in the logs: `loss`, a metric such as `accuracy`, or one of the validation samples, such as `val_loss`.',
      examples: ['val_accuracy'],
    }),
    'val_loss',
  ),
  mode: withDefault(
    oneOf(['auto', 'min', 'max'] as const, {
      description:
        'Whether smaller or larger values are better. `auto` decides by the name: smaller for losses, larger for other metrics.',
      examples: ['max'],
    }),
    'auto',
  ),
}

/** The mode, with `auto` resolved by the monitored value. */
export function decideMode({ monitor, mode }: { monitor: string; mode: 'auto' | Mode }, { logs }: PlannedRun): Mode {
  return mode === 'auto' ? (logs.find(({ name }) => name === monitor)?.mode ?? 'min') : mode
}
