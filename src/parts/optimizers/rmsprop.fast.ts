import * as plain from './rmsprop.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { RmspropOptions } from './rmsprop.run.ts'

/** RMSProp that updates each weight by one kernel. */
export function rmsprop(options: plain.RmspropOptions): UpdateRule {
  const { decay = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options
  return fusedUpdate(plain.rmsprop(options), centered ? 'UpdateByCenteredRmsprop' : 'UpdateByRmsprop', [
    decay,
    1 - decay,
    momentum,
    epsilon,
  ])
}
