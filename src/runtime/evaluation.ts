import * as tf from '@tensorflow/tfjs'
import { BatchReader } from './batches.ts'
import { type Samples } from './datasets/samples.ts'
import { createBreather } from './eventLoop.ts'
import { type Loss } from './losses.ts'
import { type Metric } from './metrics.ts'
import { sequentialIndices } from './random.ts'
import { type Logs, RunningLogs } from './runningLogs.ts'
import { addRegularization, applyModel } from './trainingStep.ts'

/**
 * The loss and the metrics of a model over all given samples.
 *
 * @param batchSize Samples at once; it changes speed and memory, and the result in its last digits only.
 */
export async function evaluateModel(
  model: tf.LayersModel,
  samples: Samples,
  loss: Loss,
  metrics: readonly Metric[],
  batchSize: number,
): Promise<Logs> {
  const logs = await evaluateUnlessAborted(model, samples, loss, metrics, batchSize, new AbortController().signal)
  return logs!
}

/** As `evaluateModel`, but stops when the signal says so, and then has no result. */
export async function evaluateUnlessAborted(
  model: tf.LayersModel,
  samples: Samples,
  loss: Loss,
  metrics: readonly Metric[],
  batchSize: number,
  signal: AbortSignal,
): Promise<Logs | undefined> {
  const reader = new BatchReader(samples)
  const running = new RunningLogs(metrics)
  const order = sequentialIndices(samples.count)
  const breathe = createBreather()
  try {
    for (let start = 0; start < samples.count; start += batchSize) {
      tf.tidy(() => {
        const batch = reader.read(order, start, Math.min(start + batchSize, samples.count))
        const predictions = applyModel(model, batch.inputs, false)
        const batchLoss = addRegularization(model, loss.compute(batch.labels, predictions))
        running.add(batchLoss, batch.labels, predictions, batch.count)
      })
      await breathe()
      if (signal.aborted) return undefined
    }
    return running.read()
  } finally {
    running.dispose()
  }
}
