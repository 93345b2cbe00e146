/** The item that applies a layer of the spec again: `apply: { layer: tower, inputs: right }`. It creates no layer, so it has no layer definition. */
import * as Type from 'typebox'
import { fieldsOf } from './schema.ts'

/** The key of such an item in `layers`. */
export const applyType = 'apply'

export const applySchema = fieldsOf(
  {
    layer: Type.String({
      description: 'The name of the layer to apply; all its uses share its weights.',
      examples: ['tower'],
    }),
  },
  'Applies a layer of this spec to other inputs. Both uses share its weights.',
)
