/** Calls are checked by the compiler: each row that it must refuse is marked so, and is an error where it does not. */
import { describe, expect, it } from 'vitest'
import { callsTo, functionsOf } from '../../src/language/calls.ts'
import { reference } from '../../src/language/expression.ts'
import { lossCall } from '../../src/language/lossDef.ts'
import { layerCall } from '../../src/language/lowerOptions.ts'
import { metricCall } from '../../src/language/metricDef.ts'

const call = callsTo<typeof import('../../src/parts/optimizers/adam.run.ts')>()
const schedule = callsTo<typeof import('../../src/parts/schedules/cosine.run.ts')>()
const read = callsTo<typeof import('../../src/parts/datasets/idx.run.ts')>()
const functions = functionsOf<typeof import('../../src/parts/datasets/idx.run.ts')>()
const learningRate = reference('learningRate')
const misnamed: { readonly beta3?: number | undefined } = { beta3: 0.9 }

export const refused = [
  // @ts-expect-error: no function has this name
  () => call('Adam', { learningRate }),
  // @ts-expect-error: an option that is missing
  () => call('adam', { beta1: 0.9 }),
  // @ts-expect-error: a misnamed option
  () => call('adam', { learningRate, beta3: 0.9 }),
  // @ts-expect-error: a misnamed option of a part's schema
  () => call('adam', { learningRate, ...misnamed }),
  // @ts-expect-error: a value of another type
  () => call('adam', { learningRate, beta1: '0.9' }),
  // @ts-expect-error: numbers by position
  () => call('adam', learningRate, 0.9),
  // @ts-expect-error: no factory of tf.layers has this name
  () => layerCall('Dense', { units: 10 }),
  // @ts-expect-error: no option of the factory has this name
  () => layerCall('dense', { units: 10, bias: true }),
  // @ts-expect-error: no loss has this name
  () => lossCall('huber'),
  // @ts-expect-error: an option that the formula of the loss lacks
  () => lossCall('huberLoss', { from: 1 }),
  // @ts-expect-error: an option of a metric of another type
  () => metricCall('precision', { threshold: '0.5' }),
  // @ts-expect-error: an option that the schedule lacks
  () => schedule('cosineSchedule', { beta: 0.1 }),
  // @ts-expect-error: a reader needs the folder and the help
  () => read('readMnistFiles', reference('folder')),
  // @ts-expect-error: no function has this name
  () => functions('readMnist'),
]

describe('a call', () => {
  it('has no argument where all options are left out', () => {
    expect(layerCall('flatten', {})).toEqual({ kind: 'call', callee: 'tf.layers.flatten', args: [] })
    expect(layerCall('flatten')).toEqual({ kind: 'call', callee: 'tf.layers.flatten', args: [] })
  })
})
