import * as tf from '@tensorflow/tfjs'
import { nodeBackend } from '../engines/nodeBackend.ts'
import { type BatchReader } from '../data/batches.ts'
import { sequentialIndices } from '../../script/random.ts'
import { type BatchStep } from './batchStep.ts'
import { type StepForm } from './trainingListener.ts'

/**
 * Plans a step on batches of the common size before training begins, with the first samples of the dataset. The
 * environment variable `SHAPEWRIGHT_GRAPH=off` keeps single operations, for tests and to find errors.
 *
 * @param settings The settings of a step, which are disposed.
 * @returns How the steps on such batches run; undefined on engines that have one way only.
 */
export async function planStep(
  batchStep: BatchStep,
  reader: BatchReader,
  count: number,
  settings: readonly tf.Tensor[],
): Promise<StepForm | undefined> {
  try {
    if (!nodeBackend()) return undefined
    if (process.env['SHAPEWRIGHT_GRAPH'] === 'off') return 'single operations'
    const order = sequentialIndices(count)
    await reader.prepare(order, 0, count)
    const batch = reader.read(order, 0, count)
    const isGraph = batchStep.planGraph(batch, settings)
    tf.dispose([batch.inputs, batch.labels])
    return isGraph ? 'one TensorFlow graph' : 'single operations'
  } catch {
    // Samples that cannot be read are reported by the step that needs them.
    return 'single operations'
  } finally {
    tf.dispose([...settings])
  }
}
