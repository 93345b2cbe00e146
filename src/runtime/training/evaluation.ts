/** Evaluates a model on samples. */
import * as tf from '@tensorflow/tfjs'
import { type Batch, BatchReader } from '../data/batches.ts'
import { evaluationStep } from './batchStep.ts'
import { type Samples } from '../data/samples.ts'
import { createBreather } from './eventLoop.ts'
import { type Objective, objectivesOf } from './objective.ts'
import { sequentialIndices } from '../../script/random.ts'
import { type Logs, RunningLogs } from './runningLogs.ts'

/**
 * The loss and the metrics of a model over all given samples.
 *
 * @param batchSize Samples at once; it changes speed and memory, and the result in its last digits only.
 */
export async function evaluateModel(
  model: tf.LayersModel,
  samples: Samples,
  objective: Objective,
  batchSize: number,
): Promise<Logs> {
  const logs = await evaluateUnlessAborted(model, samples, objective, batchSize, new AbortController().signal)
  return logs!
}

/**
 * As `evaluateModel`, but stops when the signal says so, and then has no result.
 *
 * @param visit Sees each batch with what the network answers at each output; the tensors are gone afterwards.
 */
export async function evaluateUnlessAborted(
  model: tf.LayersModel,
  samples: Samples,
  objective: Objective,
  batchSize: number,
  signal: AbortSignal,
  visit?: (batch: Batch, predictions: readonly tf.Tensor[]) => void,
): Promise<Logs | undefined> {
  const reader = new BatchReader(samples)
  const objectives = objectivesOf(objective)
  const running = new RunningLogs(objectives)
  const order = sequentialIndices(samples.count)
  const evaluation = evaluationStep(model, objectives)
  const breathe = createBreather()
  try {
    for (let start = 0; start < samples.count; start += batchSize) {
      const end = Math.min(start + batchSize, samples.count)
      const preparing = reader.prepare(order, start, end)
      if (preparing) await preparing
      const batch = reader.read(order, start, end)
      const predictions = evaluation.run(batch, running)
      visit?.(batch, predictions)
      tf.dispose([batch.inputs, batch.labels, ...predictions])
      await breathe()
      if (signal.aborted) return undefined
    }
    return running.read()
  } finally {
    reader.release()
    evaluation.dispose()
  }
}
