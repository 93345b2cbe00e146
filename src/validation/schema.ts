/** Composes the JSON Schema of a spec from the definitions of all parts. It validates specs and is the base of the schema for editors. */
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
import { applySchema, applyType } from '../language/apply.ts'
import { mapOfOutputs, perOutput } from './perOutput.ts'
import { budgetSchema } from './budget.ts'
import { normalizeSchema } from './normalize.ts'
import { trainingSchema } from './training.ts'
import { weightsSchema } from './weights.ts'

export const namePattern = '^[A-Za-z][A-Za-z0-9_-]*$'

/** The names of layers inside a call or an iteration have several parts: `residual_1/branch`, `repeat/0/conv2d`. */
const layerNamePattern = `${namePattern.slice(0, -1)}(/[A-Za-z0-9][A-Za-z0-9_-]*)*$`

const nameField = (description: string, example: string, pattern = namePattern) =>
  Type.String({ description, pattern, examples: [example] })

/** The fields of every layer besides its own options. */
export const commonFields = {
  name: Type.Optional(
    nameField(
      'The name of the layer. The default is its type, with a number from the second layer of that type on.',
      'features',
      layerNamePattern,
    ),
  ),
  inputs: Type.Optional(
    Type.Unsafe<string | readonly string[]>({
      description: 'The layer or layers that feed this one. The default is the layer above.',
      examples: ['features', ['left', 'right']],
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
    }),
  ),
  expect: Type.Optional(
    Type.Unsafe<readonly (number | null)[]>({
      description: 'The output shape that you expect, without the batch. The checker verifies it.',
      examples: [[14, 14, 32]],
      type: 'array',
      items: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
    }),
  ),
  trainable: withDefault(
    Type.Boolean({ description: 'Whether training updates the weights of this layer.', examples: [false] }),
    true,
  ),
}

function withFields(schema: TObject, common: Record<string, TSchema>): TObject {
  const { properties, description } = schema as TObject & { description?: string }
  return fieldsOf({ ...properties, ...common }, description ?? '')
}

/** The options of each layer with the common fields, under the name that references use. */
function layerDefinitions(): Record<string, TSchema> {
  // `trainable` is a field of the layer itself, and applies to all its uses.
  const { trainable: _ofTheLayer, ...fieldsOfUse } = commonFields
  return Object.fromEntries([
    ...Object.entries(layerTable).map(([type, { schema }]) => [`${type}Layer`, withFields(schema, commonFields)]),
    [`${applyType}Layer`, withFields(applySchema, fieldsOfUse)],
  ])
}

/** The definitions that fields of layers refer to. */
function sharedDefinitions(): Record<string, TSchema> {
  return {
    initializer: choiceAmong(initializers, 'The initial values of a weight.'),
    regularizer: choiceAmong(regularizers, 'A penalty on a weight or output, added to the loss.'),
    constraint: choiceAmong(constraints, 'The set that a weight is projected onto after each step.'),
    loss: choiceAmong(lossTable, 'The function that training minimizes.'),
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
  return choiceSchema(properties, bare, 'A layer: its type and options, or the type alone if it needs no options.')
}

/** The fields for the losses and metrics of outputs. */
const outputFields = {
  loss: Type.Optional(
    perOutput(
      Type.Unsafe({ $ref: '#/definitions/loss' }),
      'The loss to minimize: one for all outputs, or a map from each output to its loss.',
      ['categoricalCrossentropy', { digit: 'categoricalCrossentropy', parity: 'binaryCrossentropy' }],
    ),
  ),
  lossWeights: Type.Optional(
    mapOfOutputs(Type.Number({ minimum: 0 }), 'The weight of each output’s loss in the total loss; the default is 1.', [
      { parity: 0.3 },
    ]),
  ),
  metrics: Type.Optional(
    perOutput(
      Type.Array(Type.Unsafe({ $ref: '#/definitions/metric' })),
      'Metrics to report besides the loss: a list for all outputs, or a map from each output to its list.',
      [['accuracy'], { digit: ['accuracy'] }],
    ),
  ),
}

/** The name of the spec, and the data. */
function dataFields() {
  return {
    name: nameField('The name of the experiment. Runs and scripts are named after it.', 'mnist-cnn'),
    dataset: Type.Optional(choiceAmong(datasetTable, 'The dataset to train on.')),
    augment: Type.Optional(
      Type.Array(choiceAmong(augmentationTable, 'An augmentation.'), {
        description: 'Random changes applied to each training batch, in this order.',
        examples: [['randomFlip', { randomCrop: { padding: 4 } }]],
      }),
    ),
    normalize: Type.Optional({ ...normalizeSchema, examples: [{ mean: [0.1307], std: [0.3081] }] }),
    input: Type.Optional({
      ...fieldsOf({ shape: inputShape }, 'The input of the network, if no dataset provides its shape.'),
      examples: [{ shape: [28, 28, 1] }],
    }),
  }
}

/** The network and the weights that it starts from. */
function networkFields() {
  return {
    layers: Type.Array(Type.Unsafe({ $ref: '#/definitions/layer' }), {
      description: 'The layers of the network, from input to output.',
      minItems: 1,
      examples: [['flatten', { dense: { units: 10 } }]],
    }),
    outputs: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The names of the output layers. The default is the last layer.',
        minItems: 1,
        examples: [['digits']],
      }),
    ),
    weights: Type.Optional({ ...weightsSchema, examples: [{ from: 'runs/digits', except: 'head' }] }),
    trainable: Type.Optional(
      mapOfOutputs(
        Type.Boolean(),
        'Whether training updates the weights of layers, by patterns of their names; `*` stands for any characters. The last pattern that matches counts, unless the layer says so itself.',
        [{ '*': false, head: true }],
      ),
    ),
  }
}

/** The optimizer, losses, metrics and options of the training. */
function trainingFields() {
  return {
    optimizer: Type.Optional(
      choiceAmong(optimizerTable, 'The optimizer, which updates the weights from their gradients.'),
    ),
    learningRates: Type.Optional(
      mapOfOutputs(
        Type.Number({ exclusiveMinimum: 0 }),
        'Factors of the learning rate for layers, by patterns of their names; `*` stands for any characters. The last pattern that matches counts; the default is 1.',
        [{ 'conv*': 0.1 }],
      ),
    ),
    ...outputFields,
    training: Type.Optional({ ...trainingSchema, examples: [{ epochs: 5, batchSize: 32, seed: 42 }] }),
  }
}

/** The limits of the spec, and the warnings that it accepts. */
function checkFields() {
  return {
    budget: Type.Optional({ ...budgetSchema, examples: [{ params: 100_000, memory: '64MB' }] }),
    ignore: Type.Optional(
      Type.Array(oneOf(allCodes.filter(isIgnorable), { description: 'The code of a warning or hint.' }), {
        description: 'Warnings and hints to suppress in this spec. Errors cannot be suppressed.',
        examples: [['meaning/redundant-bias']],
      }),
    ),
  }
}

export function composeSchema(): TSchema {
  const root = fieldsOf(
    { ...dataFields(), ...networkFields(), ...trainingFields(), ...checkFields() },
    'A Shapewright spec: a network, its data and how to train it.',
  )
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Shapewright spec',
    ...root,
    definitions: { ...sharedDefinitions(), layer: layerItem(), ...layerDefinitions() },
  } as TSchema
}
