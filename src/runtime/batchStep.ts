import * as tf from '@tensorflow/tfjs'
import { type Batch } from './batches.ts'
import { type OutputObjective } from './objective.ts'
import { type WeightUpdater } from './optimizers/weightUpdater.ts'
import { canRepeatSteps, seedRandomLayers } from './randomLayers.ts'
import { RepeatedStep } from './replay/repeatedStep.ts'
import { addToSums, type RunningLogs } from './runningLogs.ts'
import { computeLoss, differentiate, trainOnBatch } from './trainingStep.ts'

/** One step: it gives the sums of the logs with those of the batch added, then whatever else. */
export type StepFunction = (batch: Batch, sums: readonly tf.Scalar[], settings: readonly tf.Tensor[]) => tf.Tensor[]

/** What is done with each batch: the logs take in its outcome. */
export class BatchStep {
  readonly #repeated: RepeatedStep

  /**
   * @param step It runs in a `tidy`.
   * @param settings How many tensors a step is given that may differ from the last one's, such as the learning rate.
   * @param canRepeat Whether all steps do the same.
   */
  constructor(step: StepFunction, settings = 0, canRepeat = true) {
    this.#repeated = new RepeatedStep(([inputs, labels, ...others]) =>
      tf.tidy(() => {
        const batch = { inputs: inputs!, labels: labels!, count: inputs!.shape[0]! }
        return step(batch, others.slice(settings) as tf.Scalar[], others.slice(0, settings))
      }),
    )
    if (!canRepeat) this.#repeated.dispose()
  }

  /** Takes the step, and gives what it gave beside the sums; whoever takes that disposes it. */
  run({ inputs, labels, count }: Batch, running: RunningLogs, settings: readonly tf.Tensor[] = []): tf.Tensor[] {
    let rest: tf.Tensor[] = []
    running.advance((sums) => {
      const results = this.#repeated.run([inputs, labels, ...settings, ...sums])
      rest = results.slice(sums.length)
      return results.slice(0, sums.length) as tf.Scalar[]
    }, count)
    return rest
  }

  dispose(): void {
    this.#repeated.dispose()
  }
}

/** Trains on each batch; a step is given the seed of what it draws and the learning rate. */
export function trainingStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  updater: WeightUpdater,
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, sums, [seed, rate]) => {
    seedRandomLayers(model, seed as tf.Scalar)
    const result = trainOnBatch(model, variables, updater, objectives, batch, rate as tf.Scalar)
    const added = addToSums(objectives, sums, result, batch.labels, batch.count)
    tf.dispose([result.outputLosses, result.predictions])
    return added
  }
  return new BatchStep(step, 2, canRepeatSteps(model))
}

/** Gives the gradients of each batch's loss, in the order of the variables; a step is given the seed of what it draws. */
export function differentiationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, sums, [seed]) => {
    const { added, gradients } = differentiateSeeded(model, variables, objectives, batch, sums, seed!)
    return [...added, ...variables.map(({ name }) => gradients[name]!)]
  }
  return new BatchStep(step, 1, canRepeatSteps(model))
}

/**
 * Adds the gradients of each batch's loss to totals, in the order of the variables; a step is given the seed of what it
 * draws, the part that the batch counts for, and the totals before.
 */
export function accumulationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, sums, [seed, part, ...totals]) => {
    const { added, gradients } = differentiateSeeded(model, variables, objectives, batch, sums, seed!)
    const next = variables.map(({ name }, index) => {
      const gradient = gradients[name]
      return gradient ? tf.add(totals[index]!, tf.mul(gradient, part!)) : tf.clone(totals[index]!)
    })
    return [...added, ...next]
  }
  return new BatchStep(step, 2 + variables.length, canRepeatSteps(model))
}

function differentiateSeeded(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
  batch: Batch,
  sums: readonly tf.Scalar[],
  seed: tf.Tensor,
): { readonly added: tf.Scalar[]; readonly gradients: tf.NamedTensorMap } {
  seedRandomLayers(model, seed as tf.Scalar)
  const { gradients, ...result } = differentiate(model, variables, objectives, batch)
  const added = addToSums(objectives, sums, result, batch.labels, batch.count)
  tf.dispose([result.outputLosses, result.predictions])
  return { added, gradients }
}

/** Lets the weights follow gradients; a step is given the learning rate, then the gradients in the order of the weights. */
export function updateStep(updater: WeightUpdater): RepeatedStep {
  return new RepeatedStep(([rate, ...gradients]) => {
    updater.apply(gradients, rate as tf.Scalar)
    return []
  })
}

/** Evaluates each batch, and gives the answers at each output. */
export function evaluationStep(model: tf.LayersModel, objectives: readonly OutputObjective[]): BatchStep {
  return new BatchStep((batch, sums) => {
    const result = computeLoss(model, objectives, batch, false)
    return [...addToSums(objectives, sums, result, batch.labels, batch.count), ...result.predictions]
  })
}
