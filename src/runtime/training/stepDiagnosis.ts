/** Finds where a step first became NaN or infinite. */
import * as tf from '@tensorflow/tfjs'
import { type Batch } from '../data/batches.ts'
import { type CallbackRun } from './callback.ts'
import { fetchValues } from '../engines/fetchValues.ts'
import { seedRandomLayers } from '../../patches/randomLayers.ts'
import { computeLoss, differentiate, disposeOutcome, findTrainableVariables } from './trainingStep.ts'

/** The place where a step first produced NaN or infinity, and what to try. */
export interface StepDiagnosis {
  readonly where: string
  readonly help: string
}

/**
 * Repeats the last step in parts, with the current weights of the model: the samples, each layer in turn, the loss, the
 * gradients.
 */
export async function diagnoseStep(run: CallbackRun): Promise<StepDiagnosis> {
  const batch = await run.readBatch()
  const seed = run.readStepSeed()
  tf.engine().startScope()
  try {
    seedRandomLayers(run.model, seed)
    return (
      (await checkSamples(batch)) ??
      (await checkLayers(run, batch)) ??
      (await checkLoss(run, batch)) ??
      (await checkGradients(run, batch))
    )
  } finally {
    tf.engine().endScope()
    tf.dispose([batch.inputs, batch.labels, seed])
  }
}

async function checkSamples({ inputs, labels }: Batch): Promise<StepDiagnosis | undefined> {
  const bad = [inputs, labels][await findNotFinite([inputs, labels])]
  if (bad === undefined) return undefined
  const what = bad === inputs ? 'samples' : 'labels'
  return {
    where: `it started in the data: the ${what} of this batch contain NaN or infinity`,
    help: `Look for missing values in the dataset, and remove those ${what}.`,
  }
}

/** Checks the outputs of all layers, in the order of the network. */
async function checkLayers({ model }: CallbackRun, { inputs }: Batch): Promise<StepDiagnosis | undefined> {
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer')
  const outputs = layers.map((layer) => [layer.getOutputAt(0)].flat()[0]!)
  const probe = tf.model({ inputs: model.inputs, outputs })
  const given = model.inputs.length === 1 ? inputs : model.inputs.map(() => inputs)
  const values = [probe.apply(given, { training: true }) as tf.Tensor | tf.Tensor[]].flat()
  const first = await findNotFinite(values)
  if (first < 0) return undefined
  const layer = layers[first]!
  const own = layer.weights[await findNotFinite(layer.weights.map((weight) => weight.read()))]
  if (own !== undefined) {
    return {
      where: `it started in the layer ${describeLayerShortly(layer)}, whose weight ${own.originalName} was NaN or infinite before the step`,
      help: 'Resume from an earlier checkpoint with a lower learning rate.',
    }
  }
  const before = await Promise.all([inputs, ...values.slice(0, first)].map(largestOf))
  const largest = Math.max(...before)
  const at = before.indexOf(largest)
  const place = at === 0 ? 'in the samples' : `out of ${layers[at - 1]!.name}`
  return {
    where: `it started in the layer ${describeLayerShortly(layer)}, whose output is NaN or infinite; the largest value before it is ${formatLargest(largest)}, ${place}`,
    help:
      largest > 1e6
        ? 'The values grow from layer to layer: lower the learning rate, for example to a tenth, clip the gradients, or add normalization between the layers.'
        : `${layer.name} is not defined for such values: check its options, and lower the learning rate.`,
  }
}

async function checkLoss({ model, objectives }: CallbackRun, batch: Batch): Promise<StepDiagnosis | undefined> {
  const { loss, ...outcome } = computeLoss(model, objectives, batch, true)
  const { predictions } = outcome
  // Logits are kept beyond the engine scope, whose end disposes everything else.
  disposeOutcome({ ...outcome, predictions: [], outputLosses: [] })
  if (await isFiniteTensor(loss)) return undefined
  return {
    where: `it started in the loss, ${objectives.map(({ loss: { name } }) => name).join(' and ')}, with predictions up to ${formatLargest(Math.max(...(await Promise.all(predictions.map(largestOf)))))}`,
    help: 'Check that the loss fits the last layer: probabilities, logits, or values of one sign. Lower the learning rate.',
  }
}

/** Finds the gradient nearest the output that is NaN or infinite: the others follow from it. */
async function checkGradients({ model, objectives }: CallbackRun, batch: Batch): Promise<StepDiagnosis> {
  const step = differentiate(model, findTrainableVariables(model), objectives, batch)
  const { gradients } = step
  // All other results are kept beyond the engine scope.
  disposeOutcome(step)
  const named = model.layers.flatMap((layer) =>
    layer.trainableWeights.flatMap((weight) => {
      const gradient = gradients[(weight.read() as tf.Variable).name]
      return gradient === undefined ? [] : [{ layer, weight, gradient }]
    }),
  )
  const sizes = await Promise.all(named.map(({ gradient }) => largestOf(gradient)))
  const largest = Math.max(0, ...sizes.filter(Number.isFinite))
  const fromOutput = named.toReversed()
  const last = fromOutput[await findNotFinite(fromOutput.map(({ gradient }) => gradient))]
  if (last !== undefined) {
    return {
      where: `it started in backpropagation, in the gradient of ${last.weight.originalName} of the layer ${describeLayerShortly(last.layer)}; the largest other gradient is ${formatLargest(largest)}`,
      help: 'The gradient is unbounded there, like that of a square root or logarithm near 0: clip the gradients, or keep the values away from that point.',
    }
  }
  return {
    where: `it started in the update: the gradients, up to ${formatLargest(largest)}, times the learning rate overflow`,
    help: 'Lower the learning rate, for example to a tenth, or clip the gradients.',
  }
}

function describeLayerShortly(layer: tf.layers.Layer): string {
  return `${layer.name} (${layer.getClassName()})`
}

/** The index of the first tensor with NaN or infinity, or -1. */
async function findNotFinite(tensors: readonly tf.Tensor[]): Promise<number> {
  for (const [index, tensor] of tensors.entries()) if (!(await isFiniteTensor(tensor))) return index
  return -1
}

async function isFiniteTensor(tensor: tf.Tensor): Promise<boolean> {
  await fetchValues([tensor])
  return tensor.dataSync().every(Number.isFinite)
}

/** The largest absolute value; 0 for an empty tensor. */
async function largestOf(tensor: tf.Tensor): Promise<number> {
  await fetchValues([tensor])
  let largest = 0
  for (const value of tensor.dataSync()) largest = Math.max(largest, Math.abs(value))
  return largest
}

function formatLargest(value: number): string {
  return value.toPrecision(3)
}
