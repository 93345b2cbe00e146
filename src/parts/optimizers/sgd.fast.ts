import * as plain from './sgd.run.ts'
import { fusedUpdate } from '../../runtime/training/fusedUpdate.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

export type { SgdOptions } from './sgd.run.ts'

/** Stochastic gradient descent that updates each weight by one kernel. */
export function sgd(options: plain.SgdOptions): UpdateRule {
  return fusedUpdate(plain.sgd(options), 'UpdateBySgd')
}
