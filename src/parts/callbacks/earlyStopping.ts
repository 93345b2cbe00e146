/** Ends training when a value stops improving, as Keras's EarlyStopping. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { flag } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'
import { decideMode, monitorFields } from './monitor.ts'

const call = callsTo<typeof import('./earlyStopping.fast.ts')>()

const schema = fieldsOf(
  {
    monitor: monitorFields.monitor,
    patience: withDefault(
      Type.Integer({
        description: 'The number of epochs in a row without improvement; training stops after the next.',
        minimum: 0,
        examples: [3],
      }),
      0,
    ),
    minDelta: withDefault(
      Type.Number({ description: 'The smallest change that counts as an improvement.', minimum: 0, examples: [0.001] }),
      0,
    ),
    mode: monitorFields.mode,
    baseline: Type.Optional(
      Type.Number({
        description: 'A value that must be beaten as well. Until then, improvements do not reset the wait.',
        examples: [0.5],
      }),
    ),
    restoreBestWeights: flag('Whether to restore the weights of the best epoch at the end.', false),
  },
  'Stops training when a value no longer improves.',
)

export const earlyStopping = defineCallback({
  schema,
  example: { monitor: 'val_accuracy', patience: 3, restoreBestWeights: true },
  monitored: ({ monitor }) => monitor,
  misfits({ patience }, { epochs }) {
    if (patience < epochs) return []
    return [
      {
        option: 'patience',
        message: `a patience of ${patience} can never stop a training of ${countOf(epochs, 'epoch')}`,
        help: 'lower `patience` or raise `epochs`',
      },
    ]
  },
  lower: ({ monitor, patience, minDelta, baseline, restoreBestWeights, ...options }, run) =>
    call('earlyStopping', {
      monitor,
      mode: decideMode({ monitor, ...options }, run),
      patience,
      ...(minDelta > 0 && { minDelta }),
      ...(baseline !== undefined && { baseline }),
      ...(restoreBestWeights && { restoreBestWeights }),
    }),
  script({ restoreBestWeights, monitor, patience, minDelta, baseline, ...options }, run) {
    const watched = { monitor, mode: decideMode({ monitor, ...options }, run), patience }
    const limits = { ...(minDelta > 0 && { minDelta }), ...(baseline !== undefined && { baseline }) }
    const constants = { stopping: call('earlyStopping', { ...watched, ...limits }) }
    if (!restoreBestWeights) return { constants, stop: 'if (stopping.observe(epoch, logs).isOver) break' }
    return {
      constants,
      beforeTraining: 'let bestWeights = copyWeights(trainer.network)',
      nextEpoch: `const { isBest, isOver } = stopping.observe(epoch, logs)
        if (isBest) bestWeights = copyWeights(trainer.network)`,
      stop: 'if (isOver) break',
      afterTraining: 'assignWeights(trainer.network, bestWeights)',
    }
  },
})
