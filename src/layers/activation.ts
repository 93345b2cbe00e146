/** An activation function as a layer. */
import { knownSize } from './dims.ts'
import { activationNames, oneOf } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { fieldsOf } from './schema.ts'

const schema = fieldsOf(
  { activation: oneOf(activationNames, { description: 'Which function.', examples: ['relu'] }) },
  'An activation function as a layer of its own.',
)

export const activation = defineLayer({
  role: 'activation',
  schema,
  masks: () => ({ passes: true }),
  activation: ({ activation: name }) => name,
  idle: ({ activation: name }) => (name === 'linear' ? '`linear` leaves every value as it is' : undefined),
  shape: (_options, [values]) => ok(values!),
  weights: () => [],
  flops(_options, _inputs, output) {
    return knownSize(output)
  },
  lower: (options) => lowerLayer('activation', schema, options),
})
