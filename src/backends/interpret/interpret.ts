/** Runs a program in this process: evaluates its expressions against TensorFlow.js and the runtime. */
import * as tf from '@tensorflow/tfjs'
import type { Expression } from '../../language/expression.ts'
import type { Program, ProgramData } from '../../program/program.ts'
import type { Callback } from '../../runtime/training/callback.ts'
import { csvLog } from '../../parts/callbacks/csvLog.fast.ts'
import { earlyStopping } from '../../parts/callbacks/earlyStopping.fast.ts'
import { reduceOnPlateau } from '../../parts/callbacks/reduceOnPlateau.fast.ts'
import { augmentImages, type SampleChange } from '../../runtime/data/augmentation.ts'
import { changeInTurn } from '../../runtime/data/changeInTurn.ts'
import { cutout } from '../../parts/augmentations/cutout.run.ts'
import { mixup } from '../../parts/augmentations/mixup.run.ts'
import { randomBrightness } from '../../parts/augmentations/randomBrightness.run.ts'
import { randomContrast } from '../../parts/augmentations/randomContrast.run.ts'
import { randomCrop } from '../../parts/augmentations/randomCrop.run.ts'
import { randomFlip } from '../../parts/augmentations/randomFlip.run.ts'
import { randomRotation } from '../../parts/augmentations/randomRotation.run.ts'
import { keepCheckpoints } from '../../parts/callbacks/checkpoint.run.ts'
import { normalizeInputs } from '../../runtime/data/normalize.ts'
import { tensorBoard } from '../../parts/callbacks/tensorBoard.run.ts'
import { terminateOnNaN } from '../../parts/callbacks/terminateOnNaN.fast.ts'
import type { DatasetSplits } from '../../runtime/data/samples.ts'
import type { Experiment } from '../../runtime/training/experiment.ts'
import { weighClasses } from '../../runtime/training/classWeights.ts'
import * as convolutionLayers from '../../parts/layers/convolution.run.ts'
import * as elementwiseLayers from '../../parts/layers/elementwise.run.ts'
import * as gruLayers from '../../parts/layers/gru.run.ts'
import * as lossFunctions from '../../runtime/training/losses.ts'
import * as metricFunctions from '../../runtime/training/metrics.ts'
import { alphaDropoutLayer, gaussianDropoutLayer, gaussianNoiseLayer } from '../../parts/layers/noise.run.ts'
import { accumulateGradients } from '../../runtime/training/accumulateGradients.ts'
import { clipByNorm } from '../../runtime/training/clipByNorm.ts'
import { clipByValue } from '../../runtime/training/clipByValue.ts'
import { decayWeights } from '../../runtime/training/decayWeights.ts'
import { adadelta } from '../../parts/optimizers/adadelta.run.ts'
import { adagrad } from '../../parts/optimizers/adagrad.run.ts'
import { adam } from '../../parts/optimizers/adam.run.ts'
import { adamax } from '../../parts/optimizers/adamax.run.ts'
import { momentum } from '../../parts/optimizers/momentum.run.ts'
import { rmsprop } from '../../parts/optimizers/rmsprop.run.ts'
import { sgd } from '../../parts/optimizers/sgd.run.ts'
import type { UpdateRule } from '../../runtime/training/updateRule.ts'
import { penalizeOutput } from '../../runtime/training/outputPenalties.ts'
import { minPooling2dLayer } from '../../parts/layers/minPooling2d.run.ts'
import { batchNormalizationLayer, layerNormalizationLayer } from '../../parts/layers/batchNormalization.run.ts'
import {
  categoryEncodingLayer,
  centerCropLayer,
  cropping2DLayer,
  randomWidthLayer,
  resizingLayer,
} from '../../parts/layers/preprocessing.run.ts'
import type { Objective } from '../../runtime/training/objective.ts'
import { constantSchedule } from '../../parts/schedules/constant.run.ts'
import { cosineSchedule } from '../../parts/schedules/cosine.run.ts'
import { exponentialSchedule } from '../../parts/schedules/exponential.run.ts'
import { multiStepSchedule } from '../../parts/schedules/multiStep.run.ts'
import { oneCycleSchedule } from '../../parts/schedules/oneCycle.run.ts'
import { polynomialSchedule } from '../../parts/schedules/polynomial.run.ts'
import { stepSchedule } from '../../parts/schedules/step.run.ts'
import type { Schedule } from '../../runtime/training/schedule.ts'
import { replicaThreads } from '../../runtime/threads/replicaThreads.ts'
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
