/** The steps that run on each batch: training, differentiation and accumulation. */
import * as tf from '@tensorflow/tfjs'
import { type Batch, type BatchValues } from '../data/batches.ts'
import { tensorOf, type TensorValues } from '../data/tensorValues.ts'
import { type OutputObjective } from './objective.ts'
import { type WeightUpdater } from './weightUpdater.ts'
import { canRepeatSteps, seedRandomLayers } from '../../patches/randomLayers.ts'
import { RepeatedStep } from '../replay/repeatedStep.ts'
import { countBatch, type RunningLogs } from './runningLogs.ts'
import { computeLoss, differentiate, disposeOutcome, type StepResult, trainOnBatch } from './trainingStep.ts'

/** One step. Returns the counts of the batch for the logs (see `countBatch`), then any further results. */
export type StepFunction = (batch: Batch, settings: readonly tf.Tensor[]) => tf.Tensor[]

/** A step that runs on each batch and adds its counts to the logs. */
export class BatchStep {
  readonly #repeated: RepeatedStep

  /**
   * @param step Runs in a `tidy`. Its settings are tensors that may change from step to step, such as the learning
   *   rate.
   * @param canRepeat Whether all steps perform the same operations, so that they can be recorded and replayed.
   */
  constructor(step: StepFunction, canRepeat = true) {
    this.#repeated = new RepeatedStep(([inputs, labels, ...settings]) =>
      tf.tidy(() => step({ inputs: inputs!, labels: labels!, count: inputs!.shape[0]! }, settings)),
    )
    if (!canRepeat) this.#repeated.dispose()
  }

  /** Runs the step and returns its results after the counts; the caller disposes them. */
  run({ inputs, labels, count }: Batch, running: RunningLogs, settings: readonly tf.Tensor[] = []): tf.Tensor[] {
    const results = this.#repeated.run([inputs, labels, ...settings])
    const counts = results.slice(0, running.counts)
    running.addCounts(counts, count)
    return results.slice(running.counts)
  }

  /** Runs a step that has no results but the counts. */
  runOnValues({ inputs, labels, count }: BatchValues, running: RunningLogs, settings: readonly TensorValues[]): void {
    const counts = this.#repeated.runOnValues([inputs, labels, ...settings])
    if (counts) {
      running.add(counts, count)
      return
    }
    const [inputTensor, labelTensor, ...settingTensors] = [inputs, labels, ...settings].map(tensorOf)
    const batch = { inputs: inputTensor!, labels: labelTensor!, count }
    this.run(batch, running, settingTensors)
    tf.dispose([batch.inputs, batch.labels, ...settingTensors])
  }

  /** Plans the steps on batches of this size as one TensorFlow graph (see `RepeatedStep.planGraph`). */
  planGraph({ inputs, labels }: Batch, settings: readonly tf.Tensor[] = []): boolean {
    return this.#repeated.planGraph([inputs, labels, ...settings])
  }

  dispose(): void {
    this.#repeated.dispose()
  }
}

/** Trains on each batch. The settings of a step are the seed of its random numbers and the learning rate. */
export function trainingStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  updater: WeightUpdater,
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed, rate]) => {
    seedRandomLayers(model, seed as tf.Scalar)
    const result = trainOnBatch(model, variables, updater, objectives, batch, rate as tf.Scalar)
    return takeCounts(objectives, result, batch)
  }
  return new BatchStep(step, canRepeatSteps(model))
}

/**
 * Returns the gradients of each batch's loss, in the order of the variables. The only setting of a step is the seed of
 * its random numbers.
 */
export function differentiationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed]) => {
    const { counts, gradients } = differentiateSeeded(model, variables, objectives, batch, seed!)
    return [...counts, ...variables.map(({ name }) => gradients[name]!)]
  }
  return new BatchStep(step, canRepeatSteps(model))
}

/**
 * Adds the gradients of each batch's loss to totals, in the order of the variables. The settings of a step are the seed
 * of its random numbers, the batch's share of the samples, and the totals so far.
 */
export function accumulationStep(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
): BatchStep {
  const step: StepFunction = (batch, [seed, part, ...totals]) => {
    const { counts, gradients } = differentiateSeeded(model, variables, objectives, batch, seed!)
    const next = variables.map(({ name }, index) => {
      const gradient = gradients[name]
      return gradient ? tf.add(totals[index]!, tf.mul(gradient, part!)) : tf.clone(totals[index]!)
    })
    return [...counts, ...next]
  }
  return new BatchStep(step, canRepeatSteps(model))
}

function differentiateSeeded(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
  batch: Batch,
  seed: tf.Tensor,
): { readonly counts: tf.Tensor[]; readonly gradients: tf.NamedTensorMap } {
  seedRandomLayers(model, seed as tf.Scalar)
  const { gradients, ...result } = differentiate(model, variables, objectives, batch)
  return { counts: takeCounts(objectives, result, batch), gradients }
}

/** Returns the counts of a batch and disposes the rest of its outcome. */
function takeCounts(objectives: readonly OutputObjective[], result: StepResult, { labels }: Batch): tf.Tensor[] {
  const counts = countBatch(objectives, result, labels)
  // The losses are among the counts.
  disposeOutcome({ ...result, outputLosses: [] })
  return counts
}

/**
 * Updates the weights. The settings of a step are the learning rate, then the gradients in the order of the weights.
 */
export function updateStep(updater: WeightUpdater): RepeatedStep {
  return new RepeatedStep(([rate, ...gradients]) => {
    updater.apply(gradients, rate as tf.Scalar)
    return []
  })
}

/** Evaluates each batch and returns the predictions of each output. */
export function evaluationStep(model: tf.LayersModel, objectives: readonly OutputObjective[]): BatchStep {
  return new BatchStep((batch) => {
    const result = computeLoss(model, objectives, batch, false)
    const counts = countBatch(objectives, result, batch.labels)
    disposeOutcome({ ...result, outputLosses: [], predictions: [] })
    return [...counts, ...result.predictions]
  })
}
