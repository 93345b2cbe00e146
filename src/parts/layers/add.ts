/** The sum of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const add = withAliases(
  defineMerge('add', 'The sum of its inputs, value by value: what closes a residual connection.'),
  { same: ['torch.add'], near: ['sum', 'residual'] },
)
