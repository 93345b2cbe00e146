/** Trains experiments that are written as code, and predicts with their saved runs. */
import * as tf from '@tensorflow/tfjs'
import { basename, dirname } from 'node:path'
import type { EngineChoice } from '../../system/engineNames.ts'
import type { EngineInfo } from '../../runtime/engines/engineInfo.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { runExperiment, type RunOutcome } from '../../runtime/runs/runExperiment.ts'
import { readRunModel } from '../../runtime/runs/saveModel.ts'
import type { Experiment, TrainingOptions } from '../../runtime/training/experiment.ts'
import type { TrainingListener } from '../../runtime/training/trainingListener.ts'
import { KnownError } from '../../system/knownError.ts'
import { version } from '../../system/version.ts'
import { predictRun } from '../predict/predictRun.ts'
import type { Prediction, UnreadInput } from '../predict/prediction.ts'

export interface TrainOptions {
  /** Overrides the options of the experiment, or those of a resumed run. */
  readonly training?: Partial<TrainingOptions>
  /** By default `auto`, the fastest engine that works; a resumed run keeps its engine. */
  readonly engine?: EngineChoice
  /** The folder of the dataset; by default its usual location. */
  readonly data?: string
  /** The folder of a new run, by default `runs/NAME`. A number is added if it exists. */
  readonly out?: string
  /** The run folder to resume from its newest checkpoint. */
  readonly resume?: string
  /** Ends training after the current step when it is aborted; the run is saved. */
  readonly signal?: AbortSignal
  readonly listener?: TrainingListener
  onEngine?(engine: EngineInfo): void
  /** Called after all files are saved. */
  onSaved?(outcome: RunOutcome): Promise<void>
}

/**
 * Trains an experiment, evaluates it on its test samples and saves the run.
 *
 * @throws KnownError whose `help` suggests a fix; `inTraining` is true from the first step on.
 */
export async function train(experiment: Experiment, options: TrainOptions = {}): Promise<RunOutcome> {
  const { out, listener, signal = new AbortController().signal, engine = 'auto', ...request } = options
  return await runExperiment(
    { ...experiment, buildModel: (seed) => requireOwnModel(experiment.buildModel(seed)) },
    {
      ...request,
      engine,
      signal,
      root: out === undefined ? 'runs' : dirname(out),
      ...(out !== undefined && { name: basename(out) }),
      environment: { shapewright: version },
    },
    listener,
  )
}

export interface PredictOptions {
  readonly engine?: EngineChoice
  /** The name of a checkpoint, such as `best`; the final weights by default. */
  readonly checkpoint?: string
  /** The number of most likely classes in each prediction; 5 by default. */
  readonly top?: number
}

/**
 * Predicts images, rows of tables and samples in `.npy` files with a saved run, in the order of the files.
 *
 * @throws KnownError if the folder contains no saved model, or one of its files is damaged.
 */
export async function* predict(
  experiment: Experiment,
  folder: string,
  files: readonly string[],
  { engine = 'auto', checkpoint, top = 5 }: PredictOptions = {},
): AsyncGenerator<Prediction | UnreadInput> {
  const metadata = (await readRunModel(folder)).userDefinedMetadata as unknown as ModelMetadata
  const { table: encoding } = metadata.preprocessing
  const network = {
    buildModel: () => requireOwnModel(experiment.buildModel(experiment.training.seed)),
    givesLogits: () => false,
  }
  yield* predictRun(network, folder, {
    engine,
    inputs: files,
    metadata,
    fit: 'contain',
    invert: false,
    top,
    ...(encoding && { table: { encoding } }),
    ...(checkpoint !== undefined && { checkpoint }),
    onEngine: () => undefined,
  })
}

/** @throws KnownError if another copy of TensorFlow.js built the model: this one cannot train its layers. */
function requireOwnModel(model: tf.LayersModel): tf.LayersModel {
  if (model instanceof tf.LayersModel) return model
  throw new KnownError(
    'engine',
    'buildModel did not return a model of the TensorFlow.js that trains it: this process has loaded a second copy.',
    "Import it with `import { tf } from 'shapewright/train'`, or install only one version (`npm ls @tensorflow/tfjs`).",
  )
}
