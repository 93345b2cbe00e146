/** Samples that are made up. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineDataset } from '../../language/datasetDef.ts'

const load = callsTo<typeof import('./synthetic.fast.ts')>()
const read = callsTo<typeof import('./synthetic.run.ts')>()

const samples = (what: string, least: number, example: number, byDefault: number) =>
  withDefault(
    Type.Integer({ description: `How many samples there are to ${what}.`, minimum: least, examples: [example] }),
    byDefault,
  )

export const synthetic = defineDataset({
  schema: fieldsOf(
    {
      shape: withDefault(
        Type.Array(Type.Integer({ minimum: 1 }), {
          description: 'The shape of a sample. Those of three axes are images with soft blobs.',
          minItems: 1,
          examples: [[16]],
        }),
        [28, 28, 1],
      ),
      labels: withDefault(
        oneOf(['classes', 'values'] as const, {
          description:
            '`classes`: samples lie around the centre of their class; `values`: numbers from -1 to 1, which follow from the inputs.',
          examples: ['values'],
        }),
        'classes',
      ),
      classes: withDefault(
        Type.Integer({ description: 'How many classes there are.', minimum: 2, maximum: 100_000, examples: [3] }),
        10,
      ),
      train: samples('train on', 1, 5000, 1000),
      test: samples('test', 0, 1000, 200),
      noise: withDefault(
        Type.Number({
          description:
            'How far samples are from the centre of their class: the standard deviation of each of their values.',
          minimum: 0,
          examples: [0.1],
        }),
        0.5,
      ),
      seed: withDefault(
        Type.Integer({
          description: 'What the samples follow from; that of the training is another.',
          minimum: 0,
          maximum: 2147483647,
          examples: [1],
        }),
        0,
      ),
    },
    'Samples that are made up, for quick tries: they can be learned, and the same options always give the same ones.',
  ),
  describe: ({ shape, labels, classes, train }) => ({
    sampleShape: shape,
    ...(labels === 'classes' ? { classes } : { hasValues: true }),
    trainCount: train,
  }),
  lower: ({ labels, classes, ...rest }) =>
    load('loadSynthetic', { ...rest, classes: labels === 'classes' ? classes : undefined }),
  script: ({ labels, classes, ...rest }) =>
    awaited(read('readSynthetic', { ...rest, classes: labels === 'classes' ? classes : undefined })),
})
