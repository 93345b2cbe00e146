/** The mean of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const average = withAliases(defineMerge('average', 'The element-wise mean of its inputs.'), {
  near: ['mean'],
})
