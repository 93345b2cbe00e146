/** Sets whole channels of a sequence to zero while training (Tompson et al., 2014). */
import { defineElementwise } from './elementwise.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { ok } from '../../language/layerDef.ts'
import { rateField, seedField } from './noise.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  { rate: rateField('The fraction of the channels to set to zero.'), seed: seedField },
  'Sets a random fraction of the channels of a sequence to zero during training, each for all steps.',
)

export const spatialDropout1d = defineElementwise(schema, {
  aliases: { same: ['Dropout1d', 'nn.Dropout1d'] },
  role: 'noise',
  masks: () => ({ passes: true }),
  noOpReason: ({ rate }) => (rate === 0 ? 'its rate is 0' : undefined),
  shape: (_options, [values]) => checkInputKind('spatialDropout1d', 'sequence', values) ?? ok(values),
  lower: ({ rate, seed }) => layerCall('spatialDropout1d', { rate, seed: seed ?? unnumberedSeed }),
})
