/** The product of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const multiply = withAliases(defineMerge('multiply', 'The element-wise product of its inputs, as in gates.'), {
  same: ['mul'],
})
