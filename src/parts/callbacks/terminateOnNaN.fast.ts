import { KnownError } from '../../system/knownError.ts'
import { zeroIfFinite } from './terminateOnNaN.run.ts'
import * as tf from '@tensorflow/tfjs'
import { diagnoseStep } from '../../runtime/training/stepDiagnosis.ts'
import { fetchValues } from '../../runtime/engines/fetchValues.ts'
import { type Callback } from '../../runtime/training/callback.ts'

/**
 * Checks after each step that the loss and the weights are finite. If they are not, training ends with an
 * error that names the layer in which NaN or infinity first occurred. To find it, the callback keeps the weights from before
 * each step, without a copy.
 */
export function terminateOnNaN(): Callback {
  let before: tf.Tensor[] = []
  const forget = (): void => {
    tf.dispose(before)
    before = []
  }
  return {
    name: 'terminateOnNaN',
    onStepBegin({ model }) {
      forget()
      before = model.weights.map((weight) => tf.keep(tf.clone(weight.read())))
    },
    async onStepEnd(run) {
      const loss = run.readLoss()
      if (Number.isFinite(loss) && (await areFinite(run.model.weights.map((weight) => weight.read())))) return
      for (const [index, weight] of run.model.weights.entries()) {
        ;(weight.read() as tf.Variable).assign(before[index]!)
      }
      const { where, help } = await diagnoseStep(run)
      const what = Number.isFinite(loss) ? 'The weights became NaN or infinite' : `The loss became ${loss}`
      throw new KnownError('training', `${what} in step ${run.step} of epoch ${run.epoch}: ${where}.`, help)
    },
    dispose: forget,
  }
}

async function areFinite(tensors: readonly tf.Tensor[]): Promise<boolean> {
  const sum = zeroIfFinite(tensors)
  await fetchValues([sum])
  const isFinite = sum.dataSync()[0] === 0
  sum.dispose()
  return isFinite
}
