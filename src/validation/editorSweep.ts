/** The section `sweep` in the schema for editors. It is expanded before validation, so the schema of plain specs does not have it. */

const values = { description: 'The values of this path.', type: 'array', minItems: 1 }

const pathHelp =
  'The keys that lead to the value: `vars.width`, `training.batchSize`, `optimizer.adam.learningRate`, `layers.head.units`.'

const interval = (description: string, type: 'number' | 'integer') => ({
  description,
  type: 'array',
  items: { type },
  minItems: 2,
  maxItems: 2,
})

const space = {
  description: 'Where the values of this path are drawn from.',
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    uniform: interval('Any number between the bounds.', 'number'),
    logUniform: interval('Any number between the bounds, equally often in each order of magnitude.', 'number'),
    int: interval('A whole number; both bounds are included.', 'integer'),
    logInt: interval('A whole number, equally often in each order of magnitude.', 'integer'),
    choice: { description: 'One of these values.', type: 'array', minItems: 1 },
  },
}

/** Notes, which are free. */
const patternProperties = { '^x-': {} }

const sample = {
  description: 'Values that are drawn.',
  type: 'object',
  additionalProperties: false,
  patternProperties,
  required: ['count', 'space'],
  properties: {
    count: {
      description: 'The number of draws for each combination of the other values.',
      type: 'integer',
      minimum: 1,
    },
    seed: { description: 'The seed of the draws.', type: 'integer', minimum: 0, default: 0 },
    method: {
      description: '`sobol` spreads the draws more evenly than `random`.',
      enum: ['random', 'sobol'],
      default: 'random',
    },
    space: { description: pathHelp, type: 'object', minProperties: 1, additionalProperties: space, patternProperties },
  },
}

const rungs = (description: string) => ({
  description,
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    minEpochs: { description: 'The epochs of the first rung.', type: 'integer', minimum: 1, default: 1 },
    reduction: {
      description: 'One of this many trials is promoted, and trained for this many times the epochs.',
      type: 'integer',
      minimum: 2,
      default: 3,
    },
  },
})

export const sweepSection = {
  description: 'Trains many trials of this spec, each with other values.',
  type: 'object',
  additionalProperties: false,
  patternProperties,
  properties: {
    grid: {
      description: `Combines each value with each. ${pathHelp}`,
      type: 'object',
      additionalProperties: values,
      patternProperties,
    },
    zip: {
      description: `Takes the first values of all lists, then the second values, and so on. ${pathHelp}`,
      type: 'object',
      additionalProperties: values,
      patternProperties,
    },
    cases: {
      description: `Maps from paths to values. ${pathHelp}`,
      type: 'array',
      minItems: 1,
      items: { type: 'object' },
    },
    sample,
    where: {
      description:
        'The trials to keep, by the facts `params`, `trainableParams`, `flops`, `memory`, `layers` and `outputSize`.',
      type: 'string',
      pattern: '^\\$\\(',
      examples: ['$(params <= 500000 and flops < 1e8)'],
    },
    objective: {
      description: 'The metric of the logs that trials are compared by. The best epoch counts.',
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: {
        maximize: { description: 'Higher values are better.', type: 'string', examples: ['val_accuracy'] },
        minimize: { description: 'Lower values are better.', type: 'string', examples: ['val_loss'] },
      },
    },
    stopping: {
      description: 'Stops poor trials early.',
      anyOf: [
        { enum: ['successiveHalving', 'asha'] },
        {
          type: 'object',
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: false,
          properties: {
            successiveHalving: rungs('Trains all trials for a few epochs, then the better ones for more, and so on.'),
            asha: rungs('Promotes a trial as soon as it can, so the result depends on the order in which trials end.'),
          },
        },
      ],
    },
  },
}
