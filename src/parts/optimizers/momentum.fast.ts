import * as plain from './momentum.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { MomentumOptions } from './momentum.run.ts'

/** Momentum that updates each weight by one kernel. */
export function momentum(options: plain.MomentumOptions): UpdateRule {
  const { momentum: decay = 0.9, useNesterov = false } = options
  return fusedUpdate(plain.momentum(options), 'UpdateByMomentum', [decay, Number(useNesterov)])
}
