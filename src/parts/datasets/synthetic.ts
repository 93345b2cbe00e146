/** A dataset of generated samples, for trying a spec without files. */
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
    Type.Integer({ description: `The number of samples to ${what}.`, minimum: least, examples: [example] }),
    byDefault,
  )

export const synthetic = defineDataset({
  schema: fieldsOf(
    {
      shape: withDefault(
        Type.Array(Type.Integer({ minimum: 1 }), {
          description: 'The shape of a sample. Samples with three axes are images with soft blobs.',
          minItems: 1,
          examples: [[16]],
        }),
        [28, 28, 1],
      ),
      labels: withDefault(
        oneOf(['classes', 'values'] as const, {
          description:
            '`classes`: samples scattered around the center of their class. `values`: numbers from -1 to 1 that depend on the inputs.',
          examples: ['values'],
        }),
        'classes',
      ),
      classes: withDefault(
        Type.Integer({ description: 'The number of classes.', minimum: 2, maximum: 100_000, examples: [3] }),
        10,
      ),
      train: samples('train on', 1, 5000, 1000),
      test: samples('test', 0, 1000, 200),
      noise: withDefault(
        Type.Number({
          description: 'The standard deviation of samples from the center of their class.',
          minimum: 0,
          examples: [0.1],
        }),
        0.5,
      ),
      seed: withDefault(
        Type.Integer({
          description: 'The seed of the samples, independent of the seed of the training.',
          minimum: 0,
          maximum: 2147483647,
          examples: [1],
        }),
        0,
      ),
    },
    'Generated samples for quick experiments. They can be learned, and the same options always give the same samples.',
  ),
  describe: ({ shape, labels, classes, train }) => ({
    sampleShape: shape,
    ...(labels === 'classes' ? { classes } : { hasValues: true }),
    trainCount: train,
    fractions: 'generated samples are fractions',
  }),
  lower: ({ labels, classes, ...rest }) =>
    load('loadSynthetic', { ...rest, classes: labels === 'classes' ? classes : undefined }),
  script: ({ labels, classes, ...rest }) =>
    awaited(read('readSynthetic', { ...rest, classes: labels === 'classes' ? classes : undefined })),
})
