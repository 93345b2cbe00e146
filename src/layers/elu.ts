/** The exponential linear unit as a layer (Clevert et al., 2015). */
import { Type } from 'typebox'
import { defineElementwise } from './elementwise.ts'
import { beyondEngine } from './engineLimits.ts'
import { ok } from './layerDef.ts'
import { fieldsOf, withDefault } from './schema.ts'

const schema = fieldsOf(
  {
    alpha: withDefault(
      Type.Number({ description: 'What negative values tend to, with its sign changed.', examples: [1] }),
      1,
    ),
  },
  'x where it is positive, alpha · (eˣ - 1) where it is negative.',
)

export const elu = defineElementwise('elu', schema, {
  role: 'activation',
  activation: () => 'elu',
  shape({ alpha }, [values]) {
    const why = 'it throws unless alpha is 1'
    return beyondEngine('elu', [{ option: 'alpha', applies: alpha !== 1, why }]) ?? ok(values!)
  },
})
