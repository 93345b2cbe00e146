/** The fields of `training`. */
import * as Type from 'typebox'
import { callbackTable } from '../parts/callbacks/table.ts'
import { flag } from '../language/fields.ts'
import { choiceAmong, fieldsOf, withDefault } from '../language/schema.ts'
import { scheduleTable } from '../parts/schedules/table.ts'

export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

const trainingFields = {
  epochs: withDefault(
    Type.Integer({ description: 'The number of passes over the training data.', minimum: 1, examples: [5] }),
    1,
  ),
  batchSize: withDefault(
    Type.Integer({ description: 'The number of samples per step.', minimum: 1, examples: [64] }),
    32,
  ),
  seed: withDefault(
    Type.Integer({
      description: 'The seed of all random numbers. The same seed gives the same weights.',
      minimum: 0,
      maximum: 2147483647,
      examples: [42],
    }),
    0,
  ),
  shuffle: flag('Whether to shuffle the samples in each epoch.', true),
  validationSplit: withDefault(
    Type.Number({
      description: 'The fraction of the training samples, taken from the end, to hold out for validation.',
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.1],
    }),
    0,
  ),
  stratified: Type.Optional(
    Type.Boolean({
      description:
        'Whether `validationSplit` takes the same fraction of each class, chosen at random but the same in every run, instead of the last samples.',
      examples: [true],
    }),
  ),
  threads: withDefault(
    Type.Unsafe<number | 'auto'>({
      description:
        'The number of threads that share each step on the wasm engine. `auto` is one per core, up to 4, while each has at least 16 samples of a batch. The same number of threads gives the same weights. Each thread computes the batch normalization of its own samples.',
      examples: ['auto', 2],
      anyOf: [
        { type: 'string', enum: ['auto'] },
        { type: 'integer', minimum: 1, maximum: 64 },
      ],
    }),
    1,
  ),
  precision: Type.Optional(
    Type.Unsafe<'strict' | 'relaxed'>({
      description:
        'The rounding of sums of products on the wasm engine. `relaxed` uses fused multiply-add where the processor has it: up to 1.2 times faster, but weights then depend on the processor and the version of Node in the last digits. A run keeps its precision when it is resumed.',
      examples: ['relaxed'],
      type: 'string',
      enum: ['strict', 'relaxed'],
    }),
  ),
  clipNorm: Type.Optional(
    Type.Number({
      description: 'The largest norm of all gradients together. Larger gradients are scaled down to it.',
      exclusiveMinimum: 0,
      examples: [1],
    }),
  ),
  clipValue: Type.Optional(
    Type.Number({
      description: 'The largest absolute value of a gradient. Larger values are clipped to it, before `clipNorm`.',
      exclusiveMinimum: 0,
      examples: [0.5],
    }),
  ),
  weightDecay: Type.Optional(
    Type.Number({
      description:
        'The fraction of kernels and embeddings that each step subtracts, times the learning rate, as in AdamW. Biases and the weights of normalization are not decayed.',
      exclusiveMinimum: 0,
      examples: [0.0005],
    }),
  ),
  gradientAccumulation: Type.Optional(
    Type.Integer({
      description:
        'The number of batches per step. The weights are updated with the mean of their gradients. Only one batch is in memory at a time.',
      minimum: 1,
      examples: [4],
    }),
  ),
  classWeights: Type.Optional(
    Type.Unsafe<ClassWeights>({
      description:
        'The factor for the loss of each sample in training, by the name or index of its class; the default is 1. `balanced` weights classes inversely to their frequency: samples / (classes · samples of the class).',
      examples: ['balanced', { cat: 1, dog: 2.5 }],
      anyOf: [
        { type: 'string', enum: ['balanced'] },
        {
          type: 'object',
          additionalProperties: { type: 'number', minimum: 0 },
          patternProperties: { '^x-': {} },
        },
      ],
    }),
  ),
  schedule: Type.Optional(
    choiceAmong(
      scheduleTable,
      'How the learning rate changes during the run, starting from that of the optimizer. Durations are in epochs and may be fractions.',
    ),
  ),
  callbacks: withDefault(
    Type.Array(choiceAmong(callbackTable, 'A callback: its type and options, or the type alone.'), {
      description: 'Callbacks, which can stop training early, keep checkpoints or write logs.',
      examples: [[{ earlyStopping: { patience: 3, restoreBestWeights: true } }]],
    }),
    [],
  ),
}

export const trainingSchema = fieldsOf(trainingFields, 'Options of the training.')
