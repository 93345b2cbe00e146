/** Curves for TensorBoard: Keras's TensorBoard callback, as far as it draws curves. */
import { call } from '../layers/expression.ts'
import { fieldsOf } from '../layers/schema.ts'
import { defineCallback } from './callbackDef.ts'

export const tensorBoard = defineCallback({
  schema: fieldsOf(
    {},
    'Writes the logs of each epoch for TensorBoard: `tensorboard --logdir RUN/tensorboard` shows the curves.',
  ),
  lower: () => call('tensorBoard'),
})
