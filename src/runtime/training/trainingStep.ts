/** One training step: the forward pass, the loss, the gradients and the update. */
import { countOf } from '../../diagnostics/formatCount.ts'
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'
import { type Batch } from '../data/batches.ts'
import { type OutputObjective } from './objective.ts'
import { type TrainedWeight, type WeightUpdater } from './weightUpdater.ts'
import { withOutputPenalties } from '../../script/outputPenalties.ts'
import { poolingFirst } from '../../patches/poolingFirst.ts'
import { chooseJudge, type OutputLogits, type ProbabilityActivation, withLogits } from './probabilityLogits.ts'

/** What a step leaves on the engine; whoever takes it disposes it. */
export interface StepResult {
  /** The batch's mean loss: the weighted sum over the outputs, with the layers' regularization. */
  readonly loss: tf.Scalar
  /** Of each output by itself, without its weight; none where there is one output. */
  readonly outputLosses: tf.Scalar[]
  /** What the network answered before this step changed it, as training saw it, at each output. */
  readonly predictions: tf.Tensor[]
  /** What the probabilities among them were made of, where the loss or a metric takes that. */
  readonly logits: readonly (OutputLogits | undefined)[]
}

/** Gives back what a step left on the engine beside its loss. */
export function disposeOutcome({ outputLosses, predictions, logits }: Omit<StepResult, 'loss'>): void {
  tf.dispose([outputLosses, predictions, logits.map((one) => one?.values ?? [])])
}

/**
 * One step of gradient descent: forward in training mode (dropout on, batch normalization over the batch and its moving
 * statistics brought up to date), backward, and the optimizer's update of the weights.
 *
 * @param variables The weights to train, from `findTrainableVariables`; the updater's, in the same order.
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

/** The gradients beside the rest; whoever takes them disposes them too. */
export interface DifferentiatedStep extends StepResult {
  /** Of the batch's mean loss, by the names of the variables. */
  readonly gradients: tf.NamedTensorMap
}

/** A step up to its gradients, which leaves the weights as they are. */
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
 * The network's answers to a batch, and what they cost.
 *
 * @param training Whether layers that differ in training (dropout, batch normalization) are to act so.
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
  const { result, penalties } = withOutputPenalties(model, () =>
    withLogits(model, wanted, () => (training ? poolingFirst(model, predict) : predict())),
  )
  const { predictions, logits } = result
  const losses = objectives.map(({ loss: stated, numbers }, index) => {
    const { judge: loss, answers } = chooseJudge(stated, predictions[index]!, logits[index])
    if (training && loss.fitted && numbers) return loss.fitted.compute(batch.labels, answers, numbers)
    return loss.compute(batch.labels, answers)
  })
  const weighted = losses.map((loss, index) => {
    const { weight } = objectives[index]!
    return weight === 1 ? loss : tf.mul<tf.Scalar>(loss, weight)
  })
  const total = [...weighted.slice(1), ...model.calculateLosses(), ...penalties].reduce(
    (sum, part) => tf.add(sum, part),
    weighted[0]!,
  )
  return { loss: total, outputLosses: losses.length > 1 ? losses : [], predictions, logits }
}

/** At each output. Every input of the model is given the same samples. */
function applyModel(model: tf.LayersModel, samples: tf.Tensor, training: boolean): tf.Tensor[] {
  const inputs = model.inputs.length === 1 ? samples : model.inputs.map(() => samples)
  return [model.apply(inputs, { training }) as tf.Tensor | tf.Tensor[]].flat()
}

/**
 * The engine's variables behind a model's trainable weights, in the model's order.
 *
 * @throws KnownError where the model has none.
 */
export function findTrainableVariables(model: tf.LayersModel): tf.Variable[] {
  return findTrainedWeights(model).map((weight) => weight.read() as tf.Variable)
}

/**
 * A model's trainable weights.
 *
 * @throws KnownError where it has none.
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
