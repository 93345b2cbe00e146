/** The product of several inputs. */
import { defineMerge } from './merge.ts'

export const multiply = defineMerge('multiply', 'The product of its inputs, value by value: a gate.')
