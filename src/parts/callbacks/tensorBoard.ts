/** Writes the curves of a run for TensorBoard, as Keras's TensorBoard callback; it has no histograms, graphs or profiles. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'

const call = callsTo<typeof import('./tensorBoard.run.ts')>()

export const tensorBoard = defineCallback({
  aliases: { same: ['TensorBoardLogger'] },
  schema: fieldsOf(
    {},
    'Writes the logs of each epoch for TensorBoard. To see the curves, run `tensorboard --logdir RUN/tensorboard`.',
  ),
  lower: () => call('tensorBoard'),
  isLeftOut: true,
})
