/** Marks the steps of a sequence that layers behind it skip. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { given } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const schema = fieldsOf(
  {
    maskValue: withDefault(
      Type.Number({ description: 'A step whose values all are this is skipped.', examples: [-1] }),
      0,
    ),
  },
  'Skips the steps of a sequence whose values all are maskValue.',
)

export const masking = defineElementwise(schema, {
  exampleFollower: { lstm: { units: 64 } },
  masks: () => ({ makes: true }),
  lower: (options) => call('maskingLayer', given(schema, options)),
})
