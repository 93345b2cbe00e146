import * as plain from './adamax.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { AdamaxOptions } from './adamax.run.ts'

/** Adamax that updates each weight by one kernel. */
export function adamax(options: plain.AdamaxOptions): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options
  return fusedUpdate(plain.adamax(options), 'UpdateByAdamax', [beta1, 1 - beta1, beta2, epsilon])
}
