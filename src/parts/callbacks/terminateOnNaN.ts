/** Ends training at the first number that is none, and says where it began: Keras's TerminateOnNaN, with a diagnosis. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'

const call = callsTo<typeof import('./terminateOnNaN.fast.ts')>()

export const terminateOnNaN = defineCallback({
  schema: fieldsOf(
    {},
    'Looks after each step for NaN and infinity, and says in which layer they began. Each step waits for the engine then; without it, the loss is looked at a few times a second.',
  ),
  lower: () => call('terminateOnNaN'),
  script: () => ({ afterStep: "requireFinite(logs['loss'] ?? 0, network, position.step)" }),
})
