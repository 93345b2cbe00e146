/** A throw-away part of each kind, as the recipes of CONTRIBUTING.md say: its files, and its line of a table. */

export interface NewPart {
  readonly name: string
  readonly kind: 'layers' | 'optimizers' | 'losses' | 'datasets'
  /** By the ending of their names. */
  readonly files: Readonly<Record<string, string>>
}

const shifting: NewPart = {
  name: 'shifting',
  kind: 'layers',
  files: {
    '.ts': `/** Adds a number to every value. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { given } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineElementwise } from './elementwise.ts'

const call = callsTo<typeof import('./shifting.run.ts')>()

const schema = fieldsOf(
  { by: withDefault(Type.Number({ description: 'The number.', examples: [2] }), 1) },
  'Adds a number to every value.',
)

export const shifting = defineElementwise(schema, {
  lower: (options) => call('shiftingLayer', given(schema, options)),
})
`,
    '.run.ts': `import * as tf from '@tensorflow/tfjs'

export interface ShiftingOptions {
  readonly name?: string
  readonly by?: number
}

/** Adds \`by\` to every value. */
export function shiftingLayer({ by = 1, ...options }: ShiftingOptions = {}): tf.layers.Layer {
  const layer = tf.layers.activation({ ...options, activation: 'linear' })
  layer.call = (tensors) => tf.tidy(() => tf.add(Array.isArray(tensors) ? tensors[0]! : tensors, by))
  return layer
}
`,
  },
}

const signDescent: NewPart = {
  name: 'signDescent',
  kind: 'optimizers',
  files: {
    '.ts': `/** Steps of one length along the sign of the gradient. */
import { callsTo } from '../../language/calls.ts'
import { reference } from '../../language/expression.ts'
import { defineOptimizer, type OptimizerDef } from '../../language/optimizerDef.ts'
import { fieldsOf } from '../../language/schema.ts'
import { learningRate, ruleCall } from './fields.ts'

const call = callsTo<typeof import('./signDescent.run.ts')>()

export const signDescent: OptimizerDef = defineOptimizer({
  schema: fieldsOf({ learningRate: learningRate(0.01) }, 'Steps of one length along the sign of the gradient.'),
  rates: { smallest: 1e-7, usual: [0.001, 0.1], largest: 1 },
  slots: () => 0,
  lower: (options) => call('signDescent', options),
  script: (options) =>
    ruleCall('followRule', signDescent.lower({ ...options, learningRate: reference('learningRate') })),
})
`,
    '.run.ts': `import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface SignDescentOptions {
  readonly learningRate: number
}

/** w ← w - learningRate · sign(gradient). */
export function signDescent({ learningRate }: SignDescentOptions): UpdateRule {
  return {
    learningRate,
    slots: [],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update: ({ value, gradient }, [descent]) => [tf.add(tf.mul(descent!, tf.sign(gradient)), value)],
  }
}
`,
  },
}

const quarticError: NewPart = {
  name: 'quarticError',
  kind: 'losses',
  files: {
    '.ts': `/** Differences to the power of 4. */
import { callsTo } from '../../language/calls.ts'
import { defineLoss, lossCall, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

const run = callsTo<typeof import('./quarticError.run.ts')>()

export const quarticError = defineLoss({
  schema: withoutOptions('The mean of differences to the power of 4.'),
  labels: { values: 'suited' },
  lower: () => lossCall('quarticError'),
  script: (_options, { targets, predictions }) => eachOf(run('quarticError', targets, predictions)),
})
`,
    '.run.ts': `import * as tf from '@tensorflow/tfjs'

/** (prediction - target)⁴ of each unit. */
export function quarticError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.square(tf.square(tf.sub(predictions, targets)))
}
`,
  },
}

const ramp: NewPart = {
  name: 'ramp',
  kind: 'datasets',
  files: {
    '.ts': `/** Numbers from 0 to 1, which are their own labels. */
import { callsTo } from '../../language/calls.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { awaited } from '../../language/expression.ts'
import { count } from '../../language/fields.ts'
import { fieldsOf } from '../../language/schema.ts'

const load = callsTo<typeof import('./ramp.fast.ts')>()
const read = callsTo<typeof import('./ramp.run.ts')>()

export const ramp = defineDataset({
  schema: fieldsOf({ train: count('How many numbers there are.', 64) }, 'Numbers from 0 to 1, their own labels.'),
  describe: ({ train }) => ({ sampleShape: [1], hasValues: true, trainCount: train }),
  lower: ({ train }) => load('loadRamp', train),
  script: ({ train }) => awaited(read('readRamp', train)),
})
`,
    '.run.ts': `import type { Data } from '../../script/samples.ts'

/** Numbers from 0 to 1 in steps of one length, each its own label. */
export async function readRamp(count: number): Promise<Data> {
  const numbers = Float32Array.from({ length: count }, (_, index) => index / count)
  return { train: { inputs: numbers, sampleShape: [1], scale: 1, labels: numbers, count } }
}
`,
    '.fast.ts': `import { type DatasetSplits, withClasses } from '../../runtime/data/samples.ts'
import { readRamp } from './ramp.run.ts'

/** As \`readRamp\`. */
export async function loadRamp(count: number): Promise<DatasetSplits> {
  return withClasses(await readRamp(count), undefined)
}
`,
  },
}

export const newParts: readonly NewPart[] = [shifting, signDescent, quarticError, ramp]

/** A rule: its file, its page, and the name by which the table has it. */
export const newRule = {
  name: 'oddUnits',
  files: {
    '.ts': `/** A layer with an odd number of units. */
import { defineRule } from './defineRule.ts'

export const oddUnits = defineRule({
  codes: ['meaning/odd-units'],
  check: ({ shaped }) =>
    shaped.nodes.flatMap(({ layer }) => {
      const { units } = layer.options
      if (typeof units !== 'number' || units % 2 === 0) return []
      return { path: [...layer.path, 'units'], message: \`\${units} units are odd\` }
    }),
})
`,
    '.md': `---
code: meaning/odd-units
severity: hint
---

A layer has an odd number of units.

Pairs are left with one over.

## Wrong

\`\`\`yaml
name: wrong
\`\`\`

## Right

\`\`\`yaml
name: right
\`\`\`
`,
  },
} as const

/** A spec that uses all of them. */
export const specOfNewParts = `name: new-parts
dataset: { ramp: { train: 64 } }
layers:
  - shifting: { by: 0.5 }
  - dense: { units: 1 }
optimizer: { signDescent: { learningRate: 0.01 } }
loss: quarticError
training: { epochs: 4, batchSize: 16, seed: 1 }
`
