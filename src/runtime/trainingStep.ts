import * as tf from '@tensorflow/tfjs'
import { type Batch } from './batches.ts'
import { type Loss } from './losses.ts'
import { TrainingError } from './trainingError.ts'

/** What a step leaves on the engine; whoever takes it disposes it. */
export interface StepResult {
  /** The batch's mean loss, with the layers' regularization. */
  readonly loss: tf.Scalar
  /** What the network answered before this step changed it, as training saw it. */
  readonly predictions: tf.Tensor
}

/**
 * One step of gradient descent: forward in training mode (dropout on, batch normalization over the batch and its moving
 * statistics brought up to date), backward, and the optimizer's update of the weights.
 *
 * @param variables The weights to train, from `findTrainableVariables`.
 */
export function trainOnBatch(
  model: tf.LayersModel,
  variables: tf.Variable[],
  optimizer: tf.Optimizer,
  loss: Loss,
  batch: Batch,
): StepResult {
  const { gradients, ...result } = differentiate(model, variables, loss, batch)
  optimizer.applyGradients(gradients)
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
  loss: Loss,
  batch: Batch,
): DifferentiatedStep {
  let predictions: tf.Tensor | undefined
  const { value, grads } = tf.variableGrads(() => {
    predictions = tf.keep(applyModel(model, batch.inputs, true))
    return addRegularization(model, loss.compute(batch.labels, predictions))
  }, variables)
  return { loss: value, predictions: predictions!, gradients: grads }
}

/**
 * The network's answer to a batch.
 *
 * @param training Whether layers that differ in training (dropout, batch normalization) are to act so.
 */
export function applyModel(model: tf.LayersModel, inputs: tf.Tensor, training: boolean): tf.Tensor {
  const outputs = model.apply(inputs, { training })
  if (!(outputs instanceof tf.Tensor)) {
    throw new TrainingError(
      `The model ${model.name} has several outputs, and training knows one.`,
      'Give the model one output.',
    )
  }
  return outputs
}

/** The loss plus what the layers' regularizers charge, as Keras reports it in training and evaluation. */
export function addRegularization(model: tf.LayersModel, loss: tf.Scalar): tf.Scalar {
  return model.calculateLosses().reduce((total, penalty) => tf.add(total, penalty), loss)
}

/**
 * The engine's variables behind a model's trainable weights, in the model's order.
 *
 * @throws TrainingError where the model has none.
 */
export function findTrainableVariables(model: tf.LayersModel): tf.Variable[] {
  const variables = model.trainableWeights
    .map((weight) => weight.read())
    .filter((value) => value instanceof tf.Variable)
  if (variables.length === 0) {
    throw new TrainingError(
      `The model ${model.name} has no trainable weights.`,
      'Add a layer with weights, or make one trainable.',
    )
  }
  return variables
}
