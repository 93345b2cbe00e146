/** Fields and facts that the datasets of NumPy's arrays share. */
import { Type } from 'typebox'
import { oneOf } from '../layers/fields.ts'
import type { NpyHeader } from '../runtime/formats/npy.ts'
import type { DatasetFacts } from './datasetDef.ts'
import { testSplitField } from './fields.ts'

export const arrayFields = {
  labels: Type.Optional(
    oneOf(['classes', 'values'] as const, {
      description:
        'What the labels are: `classes`, whole numbers from 0 on, or `values`, to be predicted as they are. By default classes where the array is one of whole numbers.',
      examples: ['values'],
    }),
  ),
  shape: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        'The shape of one sample, in place of that of the array. Bytes of two axes are images of one channel without it.',
      minItems: 1,
      examples: [[28, 28, 1]],
    }),
  ),
  testSplit: testSplitField,
}

/** @param classes How many there are, where that is known. */
export function factsOfHeaders(
  inputs: NpyHeader,
  targets: NpyHeader,
  {
    labels,
    shape,
  }: { readonly labels?: 'classes' | 'values' | undefined; readonly shape?: readonly number[] | undefined },
  classes: () => number | undefined,
): DatasetFacts {
  const [trainCount = 0, ...sizes] = inputs.shape
  const areBytes = /[bu]1$/.test(inputs.dtype)
  const natural = sizes.length === 0 ? [1] : areBytes && sizes.length === 2 ? [...sizes, 1] : sizes
  const hasValues = (labels ?? (targets.dtype.includes('f') ? 'values' : 'classes')) === 'values'
  const known = hasValues ? undefined : classes()
  return {
    sampleShape: shape ?? natural,
    trainCount,
    ...(hasValues && { hasValues }),
    ...(known !== undefined && { classes: known }),
  }
}

/** Labels of more bytes are not read to count the classes. */
export const mostLabelBytes = 1_000_000

/** How many classes there are, where the labels are their numbers. */
export function countClasses(labels: Iterable<number>): number {
  let classes = 0
  for (const label of labels) classes = Math.max(classes, label + 1)
  return classes
}
