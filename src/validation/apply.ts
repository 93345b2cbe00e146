/** A layer of the spec applied once more: `apply: { layer: tower, inputs: right }`. It makes no layer, so it is no layer type. */
import * as Type from 'typebox'
import { fieldsOf } from '../language/schema.ts'

/** How such an item is written among the layers. */
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
