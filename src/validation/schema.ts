/** The JSON Schema of a spec, composed from the parts. It is the value that validates, and what editors read. */
import * as Type from 'typebox'
import type { TObject, TSchema } from 'typebox'
import { augmentationTable } from '../parts/augmentations/table.ts'
import { allCodes, isIgnorable } from '../diagnostics/codes.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { constraints } from '../language/constraints.ts'
import { initializers } from '../language/initializers.ts'
import { oneOf } from '../language/fields.ts'
import { inputShape } from '../parts/layers/input.ts'
import { regularizers } from '../language/regularizers.ts'
import { choiceAmong, choiceSchema, exampleOf, fieldsOf, hasRequired, withDefault } from '../language/schema.ts'
import { layerTable } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import { applySchema, applyType } from './apply.ts'
import { mapOfOutputs, perOutput } from './perOutput.ts'
import { budgetSchema } from './budget.ts'
import { normalizeSchema } from './normalize.ts'
import { trainingSchema } from './training.ts'

export const namePattern = '^[A-Za-z][A-Za-z0-9_-]*$'

const nameField = (description: string, example: string) =>
  Type.String({ description, pattern: namePattern, examples: [example] })

/** What every layer has besides its own options. */
export const commonFields = {
  name: Type.Optional(
    nameField('The name of the layer; by default its type, numbered from the second on.', 'features'),
  ),
  inputs: Type.Optional(
    Type.Unsafe<string | readonly string[]>({
      description: 'The layer that feeds this one, or several; by default the one above.',
      examples: ['features', ['left', 'right']],
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
    }),
  ),
  expect: Type.Optional(
    Type.Unsafe<readonly (number | null)[]>({
      description: 'The output shape that you believe the layer has, without the batch; the checker proves it.',
      examples: [[14, 14, 32]],
      type: 'array',
      items: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
    }),
  ),
  trainable: withDefault(
    Type.Boolean({ description: 'Whether training changes the weights of this layer.', examples: [false] }),
    true,
  ),
}

function withFields(schema: TObject, common: Record<string, TSchema>): TObject {
  const { properties, description } = schema as TObject & { description?: string }
  return fieldsOf({ ...properties, ...common }, description ?? '')
}

/** Each layer's options with the common fields, under the name that references use. */
function layerDefinitions(): Record<string, TSchema> {
  // Whether its weights are trained, the layer itself says once for all uses.
  const { trainable: _ofTheLayer, ...fieldsOfUse } = commonFields
  return Object.fromEntries([
    ...Object.entries(layerTable).map(([type, { schema }]) => [`${type}Layer`, withFields(schema, commonFields)]),
    [`${applyType}Layer`, withFields(applySchema, fieldsOfUse)],
  ])
}

/** The tables that fields of layers refer to. */
function sharedDefinitions(): Record<string, TSchema> {
  return {
    initializer: choiceAmong(initializers, 'How a weight begins.'),
    regularizer: choiceAmong(regularizers, 'A penalty that is added to the loss.'),
    constraint: choiceAmong(constraints, 'What a weight is projected onto after each step.'),
    loss: choiceAmong(lossTable, 'What training makes small.'),
    metric: choiceAmong(metricTable, 'A metric.'),
  }
}

function layerItem(): TSchema {
  const types = Object.entries(layerTable)
  const properties = Object.fromEntries(
    [...types.map(([type, { schema }]) => [type, schema] as const), [applyType, applySchema] as const].map(
      ([type, schema]) => {
        const { description = '' } = schema as { description?: string }
        const examples = [exampleOf(schema as TObject)]
        return [type, Type.Unsafe({ $ref: `#/definitions/${type}Layer`, description, examples })]
      },
    ),
  )
  const bare = types.filter(([, { schema }]) => !hasRequired(schema as TObject)).map(([type]) => type)
  return choiceSchema(properties, bare, 'A layer: its type and options, or the bare type where it needs none.')
}

/** How an output is trained and measured. */
const outputFields = {
  loss: Type.Optional(
    perOutput(
      Type.Unsafe({ $ref: '#/definitions/loss' }),
      'What training makes small: one loss for all outputs, or a map from each output to its own.',
      ['categoricalCrossentropy', { digit: 'categoricalCrossentropy', parity: 'binaryCrossentropy' }],
    ),
  ),
  lossWeights: Type.Optional(
    mapOfOutputs(
      Type.Number({ minimum: 0 }),
      'How much the loss of an output counts in the sum that training makes small; 1 where nothing is said.',
      [{ parity: 0.3 }],
    ),
  ),
  metrics: Type.Optional(
    perOutput(
      Type.Array(Type.Unsafe({ $ref: '#/definitions/metric' })),
      'What is measured besides the loss: a list for all outputs, or a map from an output to its own.',
      [['accuracy'], { digit: ['accuracy'] }],
    ),
  ),
}

export function composeSchema(): TSchema {
  const root = fieldsOf(
    {
      name: nameField('The name of the experiment; runs and scripts are named after it.', 'mnist-cnn'),
      dataset: Type.Optional(choiceAmong(datasetTable, 'What to train on.')),
      augment: Type.Optional(
        Type.Array(choiceAmong(augmentationTable, 'An augmentation.'), {
          description:
            'What changes the samples of training batches at random, one after the other; drawn anew each time.',
          examples: [['randomFlip', { randomCrop: { padding: 4 } }]],
        }),
      ),
      normalize: Type.Optional({ ...normalizeSchema, examples: [{ mean: [0.1307], std: [0.3081] }] }),
      input: Type.Optional({
        ...fieldsOf({ shape: inputShape }, 'The input of the network, where no dataset gives it.'),
        examples: [{ shape: [28, 28, 1] }],
      }),
      layers: Type.Array(Type.Unsafe({ $ref: '#/definitions/layer' }), {
        description: 'The network, from the input to the output.',
        minItems: 1,
        examples: [['flatten', { dense: { units: 10 } }]],
      }),
      outputs: Type.Optional(
        Type.Array(Type.String(), {
          description: 'The names of the layers that are outputs; by default the last layer.',
          minItems: 1,
          examples: [['digits']],
        }),
      ),
      optimizer: Type.Optional(choiceAmong(optimizerTable, 'How weights follow their gradients.')),
      ...outputFields,
      training: Type.Optional({ ...trainingSchema, examples: [{ epochs: 5, batchSize: 32, seed: 42 }] }),
      budget: Type.Optional({ ...budgetSchema, examples: [{ params: 100_000, memory: '64MB' }] }),
      ignore: Type.Optional(
        Type.Array(oneOf(allCodes.filter(isIgnorable), { description: 'The code of a warning or a hint.' }), {
          description: 'The warnings and hints that are not told of this spec. Errors are always told.',
          examples: [['meaning/redundant-bias']],
        }),
      ),
    },
    'A Shapewright spec: which network to train, on what data, and how.',
  )
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Shapewright spec',
    ...root,
    definitions: { ...sharedDefinitions(), layer: layerItem(), ...layerDefinitions() },
  } as TSchema
}
