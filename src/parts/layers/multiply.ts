/** The product of several inputs. */
import { defineMerge } from './merge.ts'
import { withAliases } from '../../language/schema.ts'

export const multiply = withAliases(defineMerge('multiply', 'The product of its inputs, value by value: a gate.'), {
  same: ['mul'],
})
