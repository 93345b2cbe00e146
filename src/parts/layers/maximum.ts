/** The largest of several inputs. */
import { defineMerge } from './merge.ts'

export const maximum = defineMerge('maximum', 'The largest of its inputs, value by value.')
