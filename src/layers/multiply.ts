/** The product of several inputs. */
import { defineMerge } from './merge.ts'

export const multiply = defineMerge('multiply', {
  description: 'The product of its inputs, value by value: a gate.',
  stretches: true,
})
