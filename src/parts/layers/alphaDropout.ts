/** Dropout that keeps mean and variance, for networks with selu (Klambauer et al., 2017). */
import { callsTo, scriptCallsTo } from '../../language/calls.ts'
import { isKnown } from '../../language/dims.ts'
import { defineElementwise } from './elementwise.ts'
import { checkEngineLimits } from '../../language/engineLimits.ts'
import { unnumberedSeed } from '../../language/expression.ts'
import { ok } from '../../language/layerDef.ts'
import { noiseMisfit, noiseShapeField, rateField } from './noise.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./noise.run.ts')>()
const scriptCall = scriptCallsTo<typeof import('./alphaDropout.run.ts')>()

const schema = fieldsOf(
  { rate: rateField('The fraction of the values to drop.'), noiseShape: noiseShapeField },
  'Dropout that keeps the mean and variance of the values, for networks with the activation selu.',
)

export const alphaDropout = defineElementwise(schema, {
  aliases: { same: ['nn.AlphaDropout'] },
  role: 'noise',
  masks: () => ({ passes: true }),
  noOpReason: ({ rate }) => (rate === 0 ? 'its rate is 0' : undefined),
  shape({ noiseShape }, [values]) {
    const misfit = noiseMisfit(noiseShape, values)
    if (misfit) return misfit
    const [batch, ...sizes] = noiseShape ?? [1]
    const isOpen = batch === null || sizes.some((one, axis) => one === null && !isKnown(values[axis]))
    const limit = {
      option: 'noiseShape',
      applies: isOpen,
      why: 'all its sizes must be known before the run, including the batch',
      help: 'use 1 for the batch and for unknown sizes',
      suggestion: { kind: 'set', option: 'noiseShape', value: noiseShape?.map((one) => one ?? 1) },
    } as const
    return checkEngineLimits('alphaDropout', [limit]) ?? ok(values)
  },
  inputsAgreeIn: ({ noiseShape }) => (noiseShape?.includes(null) === true ? 'shape' : undefined),
  lower({ rate, noiseShape }, { output }) {
    const sizes = noiseShape?.map((one, axis) => one ?? (output[axis - 1] as number))
    return call('alphaDropoutLayer', { rate, noiseShape: sizes, seed: unnumberedSeed })
  },
  script: ({ rate, noiseShape }, place) => (noiseShape ? undefined : scriptCall('seededAlphaDropout', { rate }, place)),
})
