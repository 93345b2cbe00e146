/** The sum of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const add = withAliases(defineMerge('add', 'The element-wise sum of its inputs, as in residual connections.'), {
  same: ['torch.add'],
  near: ['sum', 'residual'],
})
