import * as plain from './adadelta.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { AdadeltaOptions } from './adadelta.run.ts'

/** Adadelta that updates each weight by one kernel. */
export function adadelta(options: plain.AdadeltaOptions): UpdateRule {
  const { rho = 0.95, epsilon = 1e-7 } = options
  return fusedUpdate(plain.adadelta(options), 'UpdateByAdadelta', [rho, 1 - rho, epsilon])
}
