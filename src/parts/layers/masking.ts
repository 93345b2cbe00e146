/** Masks the steps of a sequence that later layers skip. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const schema = fieldsOf(
  {
    maskValue: withDefault(Type.Number({ description: 'The value that marks a step to skip.', examples: [-1] }), 0),
  },
  'Skips the steps of a sequence whose values are all maskValue.',
)

export const masking = defineElementwise(schema, {
  exampleFollower: { lstm: { units: 64 } },
  masks: () => ({ makes: true }),
  lower: (options) => call('maskingLayer', given(schema, options)),
})
