/** Lowers the learning rate when a value stops improving, as Keras's ReduceLROnPlateau. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { given } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineCallback, type CallbackDef } from '../../language/callbackDef.ts'
import { decideMode, monitorFields } from './monitor.ts'

const call = callsTo<typeof import('./reduceOnPlateau.fast.ts')>()

const own = {
  factor: withDefault(
    Type.Number({
      description: 'The factor of the learning rate at each reduction.',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      examples: [0.5],
    }),
    0.1,
  ),
  patience: withDefault(
    Type.Integer({
      description: 'The number of epochs in a row without improvement before the learning rate is reduced.',
      minimum: 1,
      examples: [3],
    }),
    10,
  ),
  minDelta: withDefault(
    Type.Number({ description: 'The smallest change that counts as an improvement.', minimum: 0, examples: [0.001] }),
    0.0001,
  ),
  cooldown: withDefault(
    Type.Integer({
      description: 'The number of epochs after a reduction that are not counted.',
      minimum: 0,
      examples: [1],
    }),
    0,
  ),
  minLearningRate: withDefault(
    Type.Number({
      description: 'The lowest learning rate.',
      minimum: 0,
      examples: [0.00001],
    }),
    0,
  ),
}

export const reduceOnPlateau: CallbackDef = defineCallback({
  aliases: { same: ['ReduceLROnPlateau'], options: { minLearningRate: { same: ['min_lr'] } } },
  schema: fieldsOf({ ...monitorFields, ...own }, 'Lowers the learning rate when a value no longer improves.'),
  monitored: ({ monitor }) => monitor,
  misfits({ patience }, { epochs }) {
    // A reduction after the last epoch affects no step.
    if (patience < epochs) return []
    return [
      {
        option: 'patience',
        message: `a patience of ${patience} can never lower the learning rate in ${countOf(epochs, 'epoch')}`,
        help: 'lower `patience` or raise `epochs`',
      },
    ]
  },
  lower(options, run) {
    const { monitor } = options
    return call('reduceOnPlateau', { monitor, mode: decideMode(options, run), ...given(fieldsOf(own, ''), options) })
  },
  script: (options, run) => ({
    trainer: { plateau: reduceOnPlateau.lower(options, run) },
    rateFactor: 'plateau.state.rateFactor',
    nextEpoch: 'trainer.plateau.observe(logs, nextRate)',
  }),
})
