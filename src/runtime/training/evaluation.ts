/** Evaluates a model on samples. */
import * as tf from '@tensorflow/tfjs'
import { type Batch, BatchReader } from '../data/batches.ts'
import { evaluationStep } from './batchStep.ts'
import { type Samples } from '../data/samples.ts'
import { createYielder } from './eventLoop.ts'
import { fetchValues } from '../engines/fetchValues.ts'
import { type Objective, objectivesOf } from './objective.ts'
import { sequentialIndices } from '../../script/random.ts'
import { type Logs, RunningLogs, stepsAhead } from './runningLogs.ts'

/**
 * Computes the loss and the metrics of a model over all given samples.
 *
 * @param batchSize Samples computed at once; affects speed and memory, and only the last digits of the result.
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
 * Like `evaluateModel`, but stops and returns undefined once the signal is aborted.
 *
 * @param visit Called with each batch and the predictions of each output, whose values can be read; the tensors are disposed afterwards.
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
  const breathe = createYielder()
  try {
    for (let start = 0; start < samples.count; start += batchSize) {
      const end = Math.min(start + batchSize, samples.count)
      const preparing = reader.prepare(order, start, end)
      if (preparing) await preparing
      const batch = reader.read(order, start, end)
      const predictions = evaluation.run(batch, running)
      if (visit) {
        const fetching = fetchValues([batch.labels, ...predictions])
        if (fetching) await fetching
        visit(batch, predictions)
      }
      tf.dispose([batch.inputs, batch.labels, ...predictions])
      const behind = running.settle(stepsAhead)
      if (behind) await behind
      await breathe()
      if (signal.aborted) return undefined
    }
    await running.settle()
    return running.read()
  } finally {
    reader.release()
    evaluation.dispose()
  }
}
