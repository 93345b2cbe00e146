/** The mean of several inputs. */
import { defineMerge } from './merge.ts'

export const average = defineMerge('average', {
  description: 'The mean of its inputs, value by value.',
  stretches: true,
})
