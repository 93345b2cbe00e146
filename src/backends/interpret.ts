/** Runs a program in this process: evaluates its expressions against TensorFlow.js and the runtime. */
import * as tf from '@tensorflow/tfjs'
import type { Expression } from '../layers/expression.ts'
import type { Program, ProgramData } from '../program/program.ts'
import type { Callback } from '../runtime/callbacks/callback.ts'
import { csvLog } from '../runtime/callbacks/csvLog.ts'
import { earlyStopping } from '../runtime/callbacks/earlyStopping.ts'
import { reduceOnPlateau } from '../runtime/callbacks/reduceOnPlateau.ts'
import { augmentImages, type SampleChange } from '../runtime/augmentations/augmentation.ts'
import { changeInTurn } from '../runtime/augmentations/changeInTurn.ts'
import { cutout } from '../runtime/augmentations/cutout.ts'
import { mixup } from '../runtime/augmentations/mixup.ts'
import { randomBrightness } from '../runtime/augmentations/randomBrightness.ts'
import { randomContrast } from '../runtime/augmentations/randomContrast.ts'
import { randomCrop } from '../runtime/augmentations/randomCrop.ts'
import { randomFlip } from '../runtime/augmentations/randomFlip.ts'
import { randomRotation } from '../runtime/augmentations/randomRotation.ts'
import { keepCheckpoints } from '../runtime/callbacks/keepCheckpoints.ts'
import { normalizeInputs } from '../runtime/datasets/normalize.ts'
import { tensorBoard } from '../runtime/callbacks/tensorBoard.ts'
import { terminateOnNaN } from '../runtime/callbacks/terminateOnNaN.ts'
import type { DatasetSplits } from '../runtime/datasets/samples.ts'
import type { Experiment } from '../runtime/experiment.ts'
import { weighClasses } from '../runtime/classWeights.ts'
import * as convolutionLayers from '../runtime/convolutionLayers.ts'
import * as elementwiseLayers from '../runtime/elementwiseLayers.ts'
import * as gruLayers from '../runtime/gruLayers.ts'
import * as lossFunctions from '../runtime/losses.ts'
import * as metricFunctions from '../runtime/metrics.ts'
import { alphaDropoutLayer, gaussianDropoutLayer, gaussianNoiseLayer } from '../runtime/noiseLayers.ts'
import { accumulateGradients } from '../runtime/optimizers/accumulateGradients.ts'
import { clipByNorm } from '../runtime/optimizers/clipByNorm.ts'
import { clipByValue } from '../runtime/optimizers/clipByValue.ts'
import { decayWeights } from '../runtime/optimizers/decayWeights.ts'
import { adadelta } from '../runtime/optimizers/adadelta.ts'
import { adagrad } from '../runtime/optimizers/adagrad.ts'
import { adam } from '../runtime/optimizers/adam.ts'
import { adamax } from '../runtime/optimizers/adamax.ts'
import { momentum } from '../runtime/optimizers/momentum.ts'
import { rmsprop } from '../runtime/optimizers/rmsprop.ts'
import { sgd } from '../runtime/optimizers/sgd.ts'
import type { UpdateRule } from '../runtime/optimizers/updateRule.ts'
import { penalizeOutput } from '../runtime/outputPenalties.ts'
import { minPooling2dLayer } from '../runtime/minPooling2dLayer.ts'
import { batchNormalizationLayer, layerNormalizationLayer } from '../runtime/normalizationLayers.ts'
import {
  categoryEncodingLayer,
  centerCropLayer,
  cropping2DLayer,
  randomWidthLayer,
  resizingLayer,
} from '../runtime/preprocessingLayers.ts'
import type { Objective } from '../runtime/objective.ts'
import { constantSchedule } from '../runtime/schedules/constantSchedule.ts'
import { cosineSchedule } from '../runtime/schedules/cosineSchedule.ts'
import { exponentialSchedule } from '../runtime/schedules/exponentialSchedule.ts'
import { multiStepSchedule } from '../runtime/schedules/multiStepSchedule.ts'
import { oneCycleSchedule } from '../runtime/schedules/oneCycleSchedule.ts'
import { polynomialSchedule } from '../runtime/schedules/polynomialSchedule.ts'
import { stepSchedule } from '../runtime/schedules/stepSchedule.ts'
import type { Schedule } from '../runtime/schedules/schedule.ts'
import { replicaThreads } from '../runtime/threads/replicaThreads.ts'
import { datasetReaders } from './datasetReaders.ts'
import { evaluateExpression, type ExpressionScope } from './evaluateExpression.ts'
import { replicaModule } from './replicaModule.ts'

/** What a program may refer to by name besides `tf`. */
const runtimeNames: Readonly<Record<string, unknown>> = {
  sgd,
  momentum,
  adam,
  adamax,
  adagrad,
  adadelta,
  rmsprop,
  ...datasetReaders,
  normalizeInputs,
  augmentImages,
  changeInTurn,
  randomFlip,
  randomCrop,
  randomRotation,
  randomBrightness,
  randomContrast,
  cutout,
  mixup,
  clipByValue,
  clipByNorm,
  decayWeights,
  accumulateGradients,
  ...lossFunctions,
  weighClasses,
  ...metricFunctions,
  resizingLayer,
  categoryEncodingLayer,
  randomWidthLayer,
  cropping2DLayer,
  gaussianNoiseLayer,
  gaussianDropoutLayer,
  alphaDropoutLayer,
  minPooling2dLayer,
  ...convolutionLayers,
  ...elementwiseLayers,
  ...gruLayers,
  penalizeOutput,
  centerCropLayer,
  batchNormalizationLayer,
  layerNormalizationLayer,
  earlyStopping,
  reduceOnPlateau,
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  multiStepSchedule,
  oneCycleSchedule,
  polynomialSchedule,
  stepSchedule,
  csvLog,
  keepCheckpoints,
  tensorBoard,
  terminateOnNaN,
}

/** The data that a program states; seeds are none of theirs. */
export function interpretData({ dataset, augment }: ProgramData): Pick<Experiment, 'loadData' | 'augment'> {
  return {
    loadData: (folder) => evaluate(dataset, { seed: 0, folder }) as Promise<DatasetSplits>,
    ...(augment && { augment: evaluate(augment, { seed: 0 }) as SampleChange }),
  }
}

/** The experiment that a program with one states; what the loop of the runtime trains. */
export function interpretProgram(program: Program): Experiment {
  const { experiment } = program
  if (experiment === undefined) throw new RangeError('this program states no experiment')
  const { loss, lossWeights, metrics, schedule, callbacks } = experiment
  const constant: ExpressionScope = { seed: experiment.training.seed }
  return {
    name: program.name,
    buildModel: (seed) => buildModel(program, seed),
    ...interpretData(experiment),
    createOptimizer: (learningRate = experiment.learningRate) =>
      evaluate(experiment.optimizer, { ...constant, learningRate }) as UpdateRule,
    loss: evaluate(loss, constant) as Objective['loss'],
    ...(lossWeights && { lossWeights: evaluate(lossWeights, constant) as NonNullable<Objective['lossWeights']> }),
    metrics: evaluate(metrics, constant) as Objective['metrics'],
    training: experiment.training,
    ...(schedule && { schedule: evaluate(schedule, constant) as Schedule }),
    ...(callbacks && { createCallbacks: () => evaluate(callbacks, constant) as Callback[] }),
    replicas: replicaThreads(replicaModule(), program),
  }
}

/** Builds the untrained network of a program; initial weights follow from `seed`. */
export function buildModel(program: Program, seed: number): tf.LayersModel {
  const tensors = new Map<string, tf.SymbolicTensor>()
  const made = new Map<string, tf.layers.Layer>()
  for (const layer of program.layers) {
    const { name } = layer
    const result = 'call' in layer ? evaluate(layer.call, { seed }) : made.get(layer.applies)
    if (!layer.isUsed) made.set(name, result as tf.layers.Layer)
    else if (layer.inputs.length === 0) tensors.set(name, result as tf.SymbolicTensor)
    else {
      const applied = result as tf.layers.Layer
      made.set(name, applied)
      const inputs = layer.inputs.map((input) => tensors.get(input)!)
      tensors.set(name, applied.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor)
    }
  }
  const pick = (names: readonly string[]) => names.map((name) => tensors.get(name)!)
  return tf.model({ name: program.name, inputs: pick(program.inputs), outputs: pick(program.outputs) })
}

function evaluate(expression: Expression, scope: ExpressionScope): unknown {
  return evaluateExpression(expression, scope, resolveCallee)
}

/** `tf.layers.conv2d` to that function, bound to what holds it; another name to the runtime's. */
function resolveCallee(path: string): (...args: unknown[]) => unknown {
  const [root, ...steps] = path.split('.')
  let holder: unknown
  let value: unknown = root === 'tf' ? tf : runtimeNames[root ?? '']
  for (const step of steps) [holder, value] = [value, (value as Record<string, unknown>)[step]]
  if (typeof value !== 'function') throw new TypeError(`there is no function ${path}`)
  return (value as (...args: unknown[]) => unknown).bind(holder)
}
