/** The smallest of several inputs. */
import { defineMerge } from './merge.ts'

export const minimum = defineMerge('minimum', 'The element-wise minimum of its inputs.', ['fixStretchedExtremes'])
