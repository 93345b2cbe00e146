/** Ends training at the first NaN or infinity, as Keras's TerminateOnNaN, and reports where it first occurred. */
import { callsTo } from '../../language/calls.ts'
import { fieldsOf } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'

const call = callsTo<typeof import('./terminateOnNaN.fast.ts')>()

export const terminateOnNaN = defineCallback({
  schema: fieldsOf(
    {},
    'Checks for NaN and infinity after each step and reports the layer where they first occurred. Each step then waits for the engine. Without this callback, the loss is checked a few times per second.',
  ),
  lower: () => call('terminateOnNaN'),
  script: () => ({ afterStep: "requireFinite(logs['loss'] ?? 0, network, position.step)" }),
})
