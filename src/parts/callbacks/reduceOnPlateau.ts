/** Lowers the learning rate when a value has not become better for a while: Keras's ReduceLROnPlateau. */
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
      description: 'What the learning rate is multiplied by each time.',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      examples: [0.5],
    }),
    0.1,
  ),
  patience: withDefault(
    Type.Integer({
      description: 'How many epochs in a row may be no better; then the learning rate falls.',
      minimum: 1,
      examples: [3],
    }),
    10,
  ),
  minDelta: withDefault(
    Type.Number({ description: 'How much better counts as better.', minimum: 0, examples: [0.001] }),
    0.0001,
  ),
  cooldown: withDefault(
    Type.Integer({ description: 'How many epochs after a change do not count.', minimum: 0, examples: [1] }),
    0,
  ),
  minLearningRate: withDefault(
    Type.Number({
      description: 'Below which the learning rate is not brought.',
      minimum: 0,
      examples: [0.00001],
    }),
    0,
  ),
}

export const reduceOnPlateau: CallbackDef = defineCallback({
  aliases: { same: ['ReduceLROnPlateau'], options: { minLearningRate: { same: ['min_lr'] } } },
  schema: fieldsOf(
    { ...monitorFields, ...own },
    'Lowers the learning rate when a value has not become better for a while.',
  ),
  monitored: ({ monitor }) => monitor,
  misfits({ patience }, { epochs }) {
    // What falls after the last epoch changes no step.
    if (patience < epochs) return []
    return [
      {
        option: 'patience',
        message: `a patience of ${patience} never lowers the learning rate in ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
        help: 'lower `patience`, or raise `epochs`',
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
