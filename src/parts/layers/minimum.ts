/** The smallest of several inputs. */
import { defineMerge } from './merge.ts'

export const minimum = defineMerge('minimum', 'The smallest of its inputs, value by value.')
