/** An activation function as a layer. */
import { knownSize } from '../../language/dims.ts'
import { activationNames } from '../../language/activations.ts'
import { oneOf } from '../../language/fields.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  { activation: oneOf(activationNames, { description: 'The activation function.', examples: ['relu'] }) },
  'An activation function as a separate layer.',
)

export const activation = defineLayer({
  role: 'activation',
  schema,
  masks: () => ({ passes: true }),
  activation: ({ activation: name }) => name,
  noOpReason: ({ activation: name }) => (name === 'linear' ? '`linear` leaves every value unchanged' : undefined),
  shape: (_options, [values]) => ok(values),
  weights: () => [],
  flops(_options, _inputs, output) {
    return knownSize(output)
  },
  lower: (options) => layerCall('activation', given(schema, options)),
})
