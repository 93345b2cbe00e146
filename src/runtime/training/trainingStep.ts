/** One training step: the forward pass, the loss, the gradients and the update. */
import { countOf } from '../../diagnostics/formatCount.ts'
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { type Batch } from '../data/batches.ts'
import { type OutputObjective } from './objective.ts'
import { type TrainedWeight, type WeightUpdater } from './weightUpdater.ts'
import { withOutputPenalties } from '../../script/outputPenalties.ts'
import { weightPenalties } from '../../script/weightPenalties.ts'
import { chooseForLogits, type OutputLogits, type ProbabilityActivation, withLogits } from './probabilityLogits.ts'

/** The tensors that a step returns; the caller disposes them. */
export interface StepResult {
  /** The batch's mean loss: the weighted sum over the outputs, with the layers' regularization. */
  readonly loss: tf.Scalar
  /** The unweighted loss of each output; empty if there is one output. */
  readonly outputLosses: tf.Scalar[]
  /** The predictions of each output in training mode, before the update. */
  readonly predictions: tf.Tensor[]
  /** The logits of each output, if they become probabilities and its loss or a metric uses them. */
  readonly logits: readonly (OutputLogits | undefined)[]
}

/** Disposes the tensors of a step except its loss. */
export function disposeOutcome({ outputLosses, predictions, logits }: Omit<StepResult, 'loss'>): void {
  tf.dispose([outputLosses, predictions, logits.map((one) => one?.values ?? [])])
}

/**
 * One step of gradient descent: forward in training mode (dropout on, batch normalization over the batch and its moving
 * statistics updated), backward, and the optimizer's update of the weights.
 *
 * @param variables The weights to train, from `findTrainableVariables`, in the order of the updater.
 * @param rate The learning rate.
 */
export function trainOnBatch(
  model: tf.LayersModel,
  variables: tf.Variable[],
  updater: WeightUpdater,
  objectives: readonly OutputObjective[],
  batch: Batch,
  rate: tf.Scalar,
): StepResult {
  const { gradients, ...result } = differentiate(model, variables, objectives, batch)
  updater.apply(
    variables.map(({ name }) => gradients[name]),
    rate,
  )
  tf.dispose(gradients)
  return result
}

/** The result of a step with its gradients, which the caller disposes too. */
export interface DifferentiatedStep extends StepResult {
  /** The gradients of the batch's mean loss, by the names of the variables. */
  readonly gradients: tf.NamedTensorMap
}

/** Computes a step up to its gradients, without changing the weights. */
export function differentiate(
  model: tf.LayersModel,
  variables: tf.Variable[],
  objectives: readonly OutputObjective[],
  batch: Batch,
): DifferentiatedStep {
  let kept: Omit<StepResult, 'loss'> | undefined
  const { value, grads } = tf.variableGrads(() => {
    const { loss, ...outcome } = computeLoss(model, objectives, batch, true)
    for (const tensor of [...outcome.outputLosses, ...outcome.predictions]) tf.keep(tensor)
    kept = outcome
    return loss
  }, variables)
  return { loss: value, ...kept!, gradients: grads }
}

/**
 * Computes the predictions for a batch and their loss.
 *
 * @param training Whether layers such as dropout and batch normalization act as in training.
 */
export function computeLoss(
  model: tf.LayersModel,
  objectives: readonly OutputObjective[],
  batch: Batch,
  training: boolean,
): StepResult {
  if (model.outputs.length !== objectives.length) {
    throw new KnownError(
      'training',
      `The model ${model.name} has ${countOf(model.outputs.length, 'output')}, but the experiment has ${objectives.length} ${objectives.length === 1 ? 'loss' : 'losses'}.`,
      'Give one loss per output, in the order of the outputs.',
    )
  }
  const predict = () => applyModel(model, batch.inputs, training)
  const wanted = (output: number, activation: ProbabilityActivation): boolean => {
    const { loss, metrics } = objectives[output]!
    return [loss, ...metrics].some(({ ofLogits }) => ofLogits?.[activation])
  }
  const { result, penalties } = withOutputPenalties(model, () => withLogits(model, wanted, predict))
  const { predictions, logits } = result
  const losses = objectives.map(({ loss: stated, numbers }, index) => {
    const { judge: loss, answers } = chooseForLogits(stated, predictions[index]!, logits[index])
    if (training && loss.fitted && numbers) return loss.fitted.compute(batch.labels, answers, numbers)
    return loss.compute(batch.labels, answers)
  })
  const weighted = losses.map((loss, index) => {
    const { weight } = objectives[index]!
    return weight === 1 ? loss : tf.mul<tf.Scalar>(loss, weight)
  })
  const total = [...weighted.slice(1), ...weightPenalties(model), ...penalties].reduce(
    (sum, part) => tf.add(sum, part),
    weighted[0]!,
  )
  return { loss: total, outputLosses: losses.length > 1 ? losses : [], predictions, logits }
}

/** Returns the predictions of each output. Every input of the model receives the same samples. */
function applyModel(model: tf.LayersModel, samples: tf.Tensor, training: boolean): tf.Tensor[] {
  const inputs = model.inputs.length === 1 ? samples : model.inputs.map(() => samples)
  return [model.apply(inputs, { training }) as tf.Tensor | tf.Tensor[]].flat()
}

/**
 * Returns the engine's variables of a model's trainable weights, in the model's order.
 *
 * @throws KnownError if the model has none.
 */
export function findTrainableVariables(model: tf.LayersModel): tf.Variable[] {
  return findTrainedWeights(model).map((weight) => weight.read() as tf.Variable)
}

/**
 * Returns a model's trainable weights.
 *
 * @throws KnownError if it has none.
 */
export function findTrainedWeights(model: tf.LayersModel): TrainedWeight[] {
  const weights = model.trainableWeights.filter((weight) => weight.read() instanceof tf.Variable)
  if (weights.length === 0) {
    throw new KnownError(
      'training',
      `The model ${model.name} has no trainable weights.`,
      'Add a layer with weights, or make one trainable.',
    )
  }
  return weights
}
