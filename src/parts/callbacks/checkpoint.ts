/** Chooses which checkpoints a run keeps, like Keras's ModelCheckpoint, but each holds the whole state of the run. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { callsTo } from '../../language/calls.ts'
import { count, oneOf } from '../../language/fields.ts'
import { reference } from '../../language/expression.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'
import { decideMode, monitorFields } from './monitor.ts'

const call = callsTo<typeof import('./checkpoint.run.ts')>()
const watch = callsTo<typeof import('./earlyStopping.run.ts')>()

const schema = fieldsOf(
  {
    keep: withDefault(
      oneOf(['last', 'best', 'all'] as const, {
        description:
          '`last` keeps the newest two, in case the newest is damaged. `best` also keeps the epoch with the best value of `monitor`. `all` keeps every checkpoint.',
        examples: ['best'],
      }),
      'last',
    ),
    every: withDefault(count('The number of epochs or steps between checkpoints.', 5), 1),
    unit: withDefault(
      oneOf(['epochs', 'steps'] as const, { description: 'The unit of `every`.', examples: ['steps'] }),
      'epochs',
    ),
    ...monitorFields,
  },
  'Selects the checkpoints to keep. Without this callback, a run keeps the newest two of one per epoch. `train --resume` continues from them.',
)

export const checkpoint = defineCallback({
  aliases: { near: ['ModelCheckpoint'] },
  schema,
  monitored: ({ keep, monitor }) => (keep === 'best' ? monitor : undefined),
  misfits({ every, unit }, { epochs }) {
    if (unit === 'steps' || every <= epochs) return []
    return [
      {
        option: 'every',
        message: `a checkpoint every ${every} epochs is written only at the end of ${countOf(epochs, 'epoch')}`,
        help: 'lower `every`, or count `steps`',
      },
    ]
  },
  lower({ keep, every, unit, monitor, mode }, run) {
    const options = {
      ...(keep === 'all' && { keep }),
      ...(every > 1 && { every }),
      ...(unit === 'steps' && { unit }),
      ...(keep === 'best' && { best: { monitor, mode: decideMode({ monitor, mode }, run) } }),
    }
    return call('keepCheckpoints', options)
  },
  script({ keep, monitor, mode }, run) {
    const lacks = 'resuming from checkpoints'
    if (keep !== 'best') return { lacks }
    const watched = { monitor, mode: decideMode({ monitor, mode }, run), patience: run.epochs }
    return {
      lacks,
      constants: { best: watch('earlyStopping', watched) },
      trainer: { model: reference('model') },
      nextEpoch: 'if (best.observe(epoch, logs).isBest) await saveBest(trainer.model, folder)',
    }
  },
})
