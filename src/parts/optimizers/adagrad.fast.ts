import * as plain from './adagrad.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { AdagradOptions } from './adagrad.run.ts'

/** Adagrad that updates each weight by one kernel. */
export function adagrad(options: plain.AdagradOptions): UpdateRule {
  return fusedUpdate(plain.adagrad(options), 'UpdateByAdagrad', [1e-7])
}
