/** Mixes pairs of samples and their labels (Zhang et al., 2018), as keras.layers.MixUp. */
import { callsTo } from '../../language/calls.ts'
import * as Type from 'typebox'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./mixup.run.ts')>()

const schema = fieldsOf(
  {
    alpha: withDefault(
      Type.Number({
        description:
          'How much to mix: the fractions are drawn from Beta(alpha, alpha). Small values leave most samples almost unchanged; 1 makes all fractions equally likely.',
        exclusiveMinimum: 0,
        examples: [0.4],
      }),
      0.2,
    ),
  },
  'Mixes each sample with another one of its batch, and their labels by the same fractions. Samples may have any shape.',
)

export const mixup = defineAugmentation({
  schema,
  mixes: true,
  lower: (options) => call('mixup', options),
})
