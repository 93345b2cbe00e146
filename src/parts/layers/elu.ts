/** The exponential linear unit as a layer (Clevert et al., 2015). */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const schema = fieldsOf(
  {
    alpha: withDefault(
      Type.Number({ description: 'The negative of the limit for large negative values.', examples: [1] }),
      1,
    ),
  },
  'x if it is positive, alpha · (eˣ - 1) if it is negative.',
)

export const elu = defineElementwise(schema, {
  aliases: { same: ['nn.ELU'] },
  role: 'activation',
  activation: () => 'elu',
  /** The layer of tf.layers throws unless alpha is 1. */
  lower: (options) =>
    options.alpha === 1 ? layerCall('elu', given(schema, options)) : call('eluLayer', given(schema, options)),
})
