/** The largest of several inputs. */
import { defineMerge } from './merge.ts'

export const maximum = defineMerge('maximum', 'The element-wise maximum of its inputs.', ['fixStretchedExtremes'])
