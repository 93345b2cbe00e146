/** The mean of several inputs. */
import { defineMerge } from './merge.ts'

export const average = defineMerge('average', 'The mean of its inputs, value by value.')
