/** The fields of `training`. */
import * as Type from 'typebox'
import { callbackTable } from '../parts/callbacks/table.ts'
import { flag } from '../language/fields.ts'
import { choiceAmong, fieldsOf, withDefault } from '../language/schema.ts'
import { scheduleTable } from '../parts/schedules/table.ts'

export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

const trainingFields = {
  epochs: withDefault(
    Type.Integer({ description: 'How many times training goes through the data.', minimum: 1, examples: [5] }),
    1,
  ),
  batchSize: withDefault(
    Type.Integer({ description: 'How many samples one step takes.', minimum: 1, examples: [64] }),
    32,
  ),
  seed: withDefault(
    Type.Integer({
      description: 'What all random numbers follow from; the same seed gives the same weights.',
      minimum: 0,
      maximum: 2147483647,
      examples: [42],
    }),
    0,
  ),
  shuffle: flag('Whether the samples are shuffled anew in each epoch.', true),
  validationSplit: withDefault(
    Type.Number({
      description: 'The part of the training samples, from the end, that is held out for validation.',
      minimum: 0,
      exclusiveMaximum: 1,
      examples: [0.1],
    }),
    0,
  ),
  stratified: Type.Optional(
    Type.Boolean({
      description:
        'Whether `validationSplit` holds out as large a part of each class, at random and always the same samples, in place of the end.',
      examples: [true],
    }),
  ),
  threads: withDefault(
    Type.Unsafe<number | 'auto'>({
      description:
        'How many threads share the work of each step on the wasm engine; `auto` is one for each core, up to 4, as long as each has 16 samples of a batch. The same number of threads gives the same weights. Batch normalization sees the samples of its own thread.',
      examples: ['auto', 2],
      anyOf: [
        { type: 'string', enum: ['auto'] },
        { type: 'integer', minimum: 1, maximum: 64 },
      ],
    }),
    1,
  ),
  clipNorm: Type.Optional(
    Type.Number({
      description:
        'Where the norm of all gradients together is larger, they are made smaller by one factor, so that it is this.',
      exclusiveMinimum: 0,
      examples: [1],
    }),
  ),
  clipValue: Type.Optional(
    Type.Number({
      description: 'Every number of the gradients is kept between this and minus this, before `clipNorm`.',
      exclusiveMinimum: 0,
      examples: [0.5],
    }),
  ),
  weightDecay: Type.Optional(
    Type.Number({
      description:
        'How much kernels and embeddings shrink in each step, times the learning rate, as in AdamW. Biases and the weights of normalization do not.',
      exclusiveMinimum: 0,
      examples: [0.0005],
    }),
  ),
  gradientAccumulation: Type.Optional(
    Type.Integer({
      description:
        'How many batches make a step: the weights follow the mean of their gradients. Of batches in memory there is only one at a time.',
      minimum: 1,
      examples: [4],
    }),
  ),
  classWeights: Type.Optional(
    Type.Unsafe<ClassWeights>({
      description:
        'What the loss of each sample is multiplied by in training, by the name of its class or its index; 1 where nothing is said. `balanced` gives rare classes as much weight as frequent ones: samples / (classes · samples of the class).',
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
      'How the learning rate changes in the run, from what the optimizer states; all lengths are in epochs, which need not be whole.',
    ),
  ),
  callbacks: withDefault(
    Type.Array(choiceAmong(callbackTable, 'A callback: its type and options, or the bare type.'), {
      description: 'What takes part in training besides: stops it early, keeps checkpoints, writes logs.',
      examples: [[{ earlyStopping: { patience: 3, restoreBestWeights: true } }]],
    }),
    [],
  ),
}

export const trainingSchema = fieldsOf(trainingFields, 'How the training goes.')
