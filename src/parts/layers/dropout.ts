/** Sets a random part of the values to zero while training (Srivastava et al., 2014). */
import { defineElementwise } from './elementwise.ts'
import { call, unnumberedSeed } from '../../language/expression.ts'
import { ok } from '../../language/layerDef.ts'
import { noiseMisfit, noiseShapeField, rateField, seedField } from './noise.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  { rate: rateField('The part of the values that is set to zero.'), noiseShape: noiseShapeField, seed: seedField },
  'Sets a part of the values to zero at random while training, and scales the others by 1 / (1 - rate).',
)

export const dropout = defineElementwise('dropout', schema, {
  aliases: { same: ['nn.Dropout'] },
  role: 'noise',
  masks: () => ({ passes: true }),
  idle: ({ rate }) => (rate === 0 ? 'its rate is 0' : undefined),
  shape: ({ noiseShape }, [values]) => noiseMisfit(noiseShape, values!) ?? ok(values!),
  lower: ({ rate, noiseShape, seed }) => call('tf.layers.dropout', { rate, noiseShape, seed: seed ?? unnumberedSeed }),
  script: ({ rate }, place) => call('seededDropout', { rate }, place),
})
