/** Marks the steps of a sequence that layers behind it skip. */
import { Type } from 'typebox'
import { noGradient } from '../diagnostics/shapeMessages.ts'
import { defineElementwise } from './elementwise.ts'
import { fieldsOf, withDefault } from './schema.ts'

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
  missingGradient() {
    const why = 'TensorFlow.js has no gradient of the comparison in it'
    const help = 'put it before the first layer with weights'
    return { ...noGradient({ layer: 'masking', why, help }), ownWeights: false }
  },
})
