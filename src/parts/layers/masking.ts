/** Marks the steps of a sequence that layers behind it skip. */
import { Type } from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { lowerCall } from '../../language/lowerOptions.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    maskValue: withDefault(
      Type.Number({ description: 'A step whose values all are this is skipped.', examples: [-1] }),
      0,
    ),
  },
  'Skips the steps of a sequence whose values all are maskValue.',
)

export const masking = defineElementwise('masking', schema, {
  masks: () => ({ makes: true }),
  lower: (options) => lowerCall('maskingLayer', schema, options),
})
