/** Sets a random part of the values to zero while training (Srivastava et al., 2014). */
import { callsTo } from '../../language/calls.ts'
import { defineElementwise } from './elementwise.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { ok } from '../../language/layerDef.ts'
import { type NoiseShape, noiseMisfit, noiseShapeField, rateField, seedField } from './noise.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./dropout.run.ts')>()

const schema = fieldsOf(
  { rate: rateField('The fraction of the values to set to zero.'), noiseShape: noiseShapeField, seed: seedField },
  'Sets a random fraction of the values to zero during training and scales the others by 1 / (1 - rate).',
)

export const dropout = defineElementwise(schema, {
  aliases: { same: ['nn.Dropout'] },
  role: 'noise',
  masks: () => ({ passes: true }),
  noOpReason: ({ rate }) => (rate === 0 ? 'its rate is 0' : undefined),
  shape: ({ noiseShape }, [values]) => noiseMisfit(noiseShape, values) ?? ok(values),
  lower: ({ rate, noiseShape, seed }) =>
    layerCall('dropout', { rate, noiseShape: stockNoiseShape(noiseShape), seed: seed ?? unnumberedSeed }),
  script: ({ rate, noiseShape }, place) => (noiseShape ? undefined : call('seededDropout', { rate }, place)),
})

/** The factory accepts null for a size of the input, though its type does not. */
function stockNoiseShape(noiseShape: NoiseShape | undefined): readonly number[] | undefined {
  return noiseShape as readonly number[] | undefined
}
