/** The mean of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const average = withAliases(defineMerge('average', 'The mean of its inputs, value by value.'), {
  near: ['mean'],
})
