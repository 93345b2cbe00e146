import * as tf from '@tensorflow/tfjs'
import { type DatasetSplits, type Samples, splitForValidation } from './datasets/samples.ts'
import { evaluateUnlessAborted } from './evaluation.ts'
import { createBreather } from './eventLoop.ts'
import { type Experiment, type TrainingOptions } from './experiment.ts'
import { objectivesOf } from './objective.ts'
import { sequentialIndices, shuffledIndices } from './random.ts'
import { rememberSeeds } from './randomLayers.ts'
import { type Logs, RunningLogs } from './runningLogs.ts'
import { startTrainer } from './startTrainer.ts'
import { type TrainedParts, type Trainer } from './trainer.ts'
import { TrainingError } from './trainingError.ts'
import { type EpochLogs, type TrainingListener } from './trainingListener.ts'

/** How one run differs from what its experiment says. */
export interface RunOptions {
  /** Takes the place of the experiment's own options, one by one. */
  readonly training?: Partial<TrainingOptions>
  /** The data, where the caller has read it already. */
  readonly data?: DatasetSplits
  /** Where the experiment finds its data. */
  readonly dataFolder?: string
  /** Stops training after the step under way. */
  readonly signal?: AbortSignal
}

/** How training ended. */
export interface TrainingResult {
  /** The trained network; whoever takes it disposes it. */
  readonly model: tf.LayersModel
  /** An entry for each epoch that was trained to its end. */
  readonly history: readonly EpochLogs[]
  /** Steps over all epochs, those of an epoch that was cut short included. */
  readonly steps: number
  /** Whether the signal ended it. */
  readonly interrupted: boolean
}

/**
 * Trains an experiment from fresh weights. The same experiment, options, engine and number of threads give the same
 * weights, bit for bit: initial weights, the order of the samples and dropout all follow from the seed.
 *
 * @throws TrainingError where there is nothing to train, the loss is no longer a number, or a thread fails.
 */
export async function trainExperiment(
  experiment: Experiment,
  options: RunOptions = {},
  listener: TrainingListener = {},
): Promise<TrainingResult> {
  const training: TrainingOptions = { ...experiment.training, ...options.training }
  const data = options.data ?? (await experiment.loadData(options.dataFolder))
  const { train, validation } = splitForValidation(data.train, training.validationSplit)
  if (train.count === 0) throw new TrainingError('There are no samples to train on.', 'Lower validationSplit.')

  const model = experiment.buildModel(training.seed)
  const optimizer = experiment.createOptimizer(training.learningRate)
  const restoreSeeds = rememberSeeds(model)
  let trainer: Trainer | undefined
  try {
    const objectives = objectivesOf(experiment)
    const parts: TrainedParts = { experiment, objectives, training, train, model, optimizer }
    trainer = await startTrainer(parts)
    const run: TrainingRun = {
      ...parts,
      validation,
      trainer,
      steps: Math.ceil(train.count / training.batchSize),
      signal: options.signal ?? new AbortController().signal,
      breathe: createBreather(),
      listener,
    }
    return await trainEpochs(run)
  } catch (error) {
    model.dispose()
    throw error
  } finally {
    await trainer?.stop()
    restoreSeeds()
    optimizer.dispose()
  }
}

/** What stays the same from the first step to the last. */
interface TrainingRun extends TrainedParts {
  readonly validation: Samples | undefined
  readonly trainer: Trainer
  /** Steps in an epoch. */
  readonly steps: number
  readonly signal: AbortSignal
  /** One for all epochs: a short epoch alone would never come to rest. */
  readonly breathe: () => Promise<void> | undefined
  readonly listener: TrainingListener
}

async function trainEpochs(run: TrainingRun): Promise<TrainingResult> {
  const { experiment, training, train, validation, model, trainer, steps, signal, listener } = run
  const history: EpochLogs[] = []
  let stepsDone = 0
  listener.onTrainBegin?.({
    name: experiment.name,
    parameters: model.countParams(),
    samples: train.count,
    validationSamples: validation?.count ?? 0,
    epochs: training.epochs,
    steps,
    batchSize: training.batchSize,
    threads: trainer.threads,
  })
  for (let epoch = 1; epoch <= training.epochs && !signal.aborted; epoch++) {
    listener.onEpochBegin?.(epoch, training.epochs)
    const trained = await trainEpoch(run, epoch)
    stepsDone += trained.steps
    if (trained.steps < steps) break
    const validated =
      validation && (await evaluateUnlessAborted(model, validation, experiment, training.batchSize, signal))
    const logs: EpochLogs = { epoch, ...trained.logs, ...prefixLogs('val_', validated ?? {}) }
    history.push(logs)
    await listener.onEpochEnd?.(epoch, logs)
  }
  listener.onTrainEnd?.(history, signal.aborted)
  return { model, history, steps: stepsDone, interrupted: signal.aborted }
}

/** The logs of an epoch before it is validated. */
type TrainedLogs = Logs & Pick<EpochLogs, 'loss' | 'seconds' | 'imagesPerSecond'>

/** Trains on every sample once, or until the signal; `steps` says how far it came. */
async function trainEpoch(
  run: TrainingRun,
  epoch: number,
): Promise<{ readonly steps: number; readonly logs: TrainedLogs }> {
  const { objectives, training, train, trainer, steps, signal, breathe, listener } = run
  const { batchSize, seed } = training
  const order = training.shuffle ? shuffledIndices(train.count, seed, epoch) : sequentialIndices(train.count)
  const running = new RunningLogs(objectives)
  const began = performance.now()
  let shown = began
  let step = 0
  try {
    while (step < steps && !signal.aborted) {
      const start = step * batchSize
      const end = Math.min(start + batchSize, train.count)
      await trainer.step(order, start, end, (epoch - 1) * steps + step, running)
      step++

      const now = performance.now()
      if (now - shown >= 200 && step < steps) {
        shown = now
        showProgress(listener, step, steps, checkedLogs(running, epoch), samplesDone(run, step), (now - began) / 1000)
      }
      await breathe()
    }
    const logs = checkedLogs(running, epoch)
    const seconds = (performance.now() - began) / 1000
    showProgress(listener, step, steps, logs, samplesDone(run, step), seconds)
    return { steps: step, logs: { ...logs, seconds, imagesPerSecond: samplesDone(run, step) / seconds } }
  } finally {
    running.dispose()
  }
}

function samplesDone(run: TrainingRun, step: number): number {
  return Math.min(step * run.training.batchSize, run.train.count)
}

function showProgress(
  listener: TrainingListener,
  step: number,
  steps: number,
  logs: Logs,
  samples: number,
  seconds: number,
): void {
  listener.onProgress?.(step, steps, logs, samples / seconds, (seconds / step) * (steps - step))
}

/** @throws TrainingError where the loss is no longer a finite number: from then on no step can repair the weights. */
function checkedLogs(running: RunningLogs, epoch: number): Logs & { readonly loss: number } {
  const logs = running.read()
  const { loss = Number.NaN } = logs
  if (!Number.isFinite(loss)) {
    throw new TrainingError(
      `The loss became ${loss} in epoch ${epoch}.`,
      'Lower the learning rate, say to a tenth; check that the last layer and the loss belong together, and that the inputs are finite.',
    )
  }
  return { ...logs, loss }
}

function prefixLogs(prefix: string, logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [prefix + name, value]))
}
