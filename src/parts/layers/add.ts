/** The sum of several inputs. */
import { defineMerge } from './merge.ts'

export const add = defineMerge('add', 'The sum of its inputs, value by value: what closes a residual connection.')
