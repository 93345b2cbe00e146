import * as plain from './adam.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { AdamOptions } from './adam.run.ts'

/** Adam that updates each weight by one kernel. */
export function adam(options: plain.AdamOptions): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options
  return fusedUpdate(plain.adam(options), 'UpdateByAdam', [beta1, 1 - beta1, beta2, 1 - beta2, epsilon])
}
