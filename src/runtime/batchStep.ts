import * as tf from '@tensorflow/tfjs'
import { type Batch } from './batches.ts'
import { type OutputObjective } from './objective.ts'
import { RepeatedStep } from './replay/repeatedStep.ts'
import { addToSums, type RunningLogs } from './runningLogs.ts'
import { computeLoss, differentiate, trainOnBatch } from './trainingStep.ts'

/** What is done with each batch: the logs take in its outcome. */
export class BatchStep {
  readonly #repeated: RepeatedStep

  /** @param step Gives the sums of the logs with those of the batch added, then whatever else; it runs in a `tidy`. */
  constructor(step: (batch: Batch, sums: readonly tf.Scalar[]) => tf.Tensor[]) {
    this.#repeated = new RepeatedStep(([inputs, labels, ...sums]) =>
      tf.tidy(() => {
        const batch = { inputs: inputs!, labels: labels as tf.Tensor1D, count: inputs!.shape[0]! }
        return step(batch, sums as tf.Scalar[])
      }),
    )
  }

  /** Takes the step, and gives what it gave beside the sums; whoever takes that disposes it. */
  run({ inputs, labels, count }: Batch, running: RunningLogs): tf.Tensor[] {
    let rest: tf.Tensor[] = []
    running.advance((sums) => {
      const results = this.#repeated.run([inputs, labels, ...sums])
      rest = results.slice(sums.length)
      return results.slice(0, sums.length) as tf.Scalar[]
    }, count)
    return rest
  }

  dispose(): void {
    this.#repeated.dispose()
  }
}

/** Trains on each batch. */
export function trainingStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  optimizer: tf.Optimizer,
  objectives: readonly OutputObjective[],
): BatchStep {
  return new BatchStep((batch, sums) => {
    const result = trainOnBatch(model, variables, optimizer, objectives, batch)
    const added = addToSums(objectives, sums, result, batch.labels, batch.count)
    tf.dispose([result.outputLosses, result.predictions])
    return added
  })
}

/** Gives the gradients of each batch's loss, in the order of the variables. */
export function differentiationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  return new BatchStep((batch, sums) => {
    const { gradients, ...result } = differentiate(model, variables, objectives, batch)
    const added = addToSums(objectives, sums, result, batch.labels, batch.count)
    tf.dispose([result.outputLosses, result.predictions])
    return [...added, ...variables.map(({ name }) => gradients[name]!)]
  })
}

/** Evaluates each batch, and gives the answers at each output. */
export function evaluationStep(model: tf.LayersModel, objectives: readonly OutputObjective[]): BatchStep {
  return new BatchStep((batch, sums) => {
    const result = computeLoss(model, objectives, batch, false)
    return [...addToSums(objectives, sums, result, batch.labels, batch.count), ...result.predictions]
  })
}
