/** The training loop: epochs, validation, callbacks and checkpoints. */
import { countOf } from '../../diagnostics/formatCount.ts'
import * as tf from '@tensorflow/tfjs'
import { availableParallelism } from 'node:os'
import { KnownError } from '../../system/knownError.ts'
import { type Callback } from './callback.ts'
import { checkpointCallback, keepCheckpoints } from '../../parts/callbacks/checkpoint.run.ts'
import { metricsFile } from './metricsFile.ts'
import { readSavedRun, restoreRun, restoreWeights, type SavedRun } from '../runs/checkpoint.ts'
import { compareDescriptions, describeExperiment, type ExperimentDescription } from '../runs/experimentDescription.ts'
import { assignInitialWeights, readInitialWeights, type ReadWeights } from '../runs/initialWeights.ts'
import { type TensorFile } from '../runs/tensorFile.ts'
import { type DatasetSplits, type Samples } from '../data/samples.ts'
import { prepareSplits } from '../data/prepareSplits.ts'
import { evaluateUnlessAborted } from './evaluation.ts'
import { createYielder } from './eventLoop.ts'
import { type ReplicatedExperiment, type TrainingOptions } from './experiment.ts'
import { fitObjectives, objectivesOf } from './objective.ts'
import { type TrainedWeight, WeightUpdater } from './weightUpdater.ts'
import { forgetSeeds } from '../../patches/randomLayers.ts'
import { requireEnoughEpochs, requireNoDifference } from '../runs/resumedRun.ts'
import { startTrainer } from './startTrainer.ts'
import { trainEpoch } from './trainEpoch.ts'
import { samplesPerStep, type TrainedParts, type Trainer } from './trainer.ts'
import { failedInTraining } from '../../system/systemError.ts'
import { type EpochLogs, type StepForm, type TrainingListener, type TrainingPlan } from './trainingListener.ts'
import { TrainingRun } from './trainingRun.ts'
import { findTrainedWeights } from './trainingStep.ts'

/** The options of one run, which override or complete its experiment. */
export interface RunOptions {
  /** Overrides single options of the experiment. */
  readonly training?: Partial<TrainingOptions>
  /** The data, if the caller has already read it. */
  readonly data?: DatasetSplits
  /** The folder in which the experiment finds its data. */
  readonly dataFolder?: string
  /** The run folder, for checkpoints, metrics, and files of callbacks; if absent, nothing is written. */
  readonly folder?: string
  /** The trained weights to start from, if the caller has already read them. */
  readonly initialWeights?: ReadWeights
  /** The checkpoint to resume from, as `readNewestCheckpoint` returns it. */
  readonly checkpoint?: TensorFile
  /** Stops training after the current step. */
  readonly signal?: AbortSignal
  /** Pauses training after this epoch, with a checkpoint; schedules still span all epochs. */
  readonly stopAfter?: number
}

/** The outcome of training. */
export interface TrainingResult {
  /** The trained network; the caller disposes it. */
  readonly model: tf.LayersModel
  /** One entry per completed epoch. */
  readonly history: readonly EpochLogs[]
  /** Steps over all epochs, including those of an incomplete epoch. */
  readonly steps: number
  /** Whether the signal ended training. */
  readonly interrupted: boolean
  /** Whether training paused after the epoch `stopAfter`, before its last one. */
  readonly paused: boolean
  /** Why a callback ended training. */
  readonly stopped?: string
}

/**
 * Trains an experiment, from initial weights or from a checkpoint. The same experiment, options, engine and number of
 * threads give the same weights, bit for bit, wherever the run was interrupted: initial weights, the order of the
 * samples and dropout all follow from the seed, the epoch and the step.
 *
 * @throws KnownError if there is nothing to train, the loss becomes NaN or infinite, or a thread fails.
 * @throws KnownError if the checkpoint is of another experiment.
 */
export async function trainExperiment(
  experiment: ReplicatedExperiment,
  options: RunOptions = {},
  listener: TrainingListener = {},
): Promise<TrainingResult> {
  const training: TrainingOptions = { ...experiment.training, ...options.training }
  const data = options.data ?? (await experiment.loadData(options.dataFolder))
  const { train, validation } = prepareSplits(data, training)
  if (train.count === 0) throw new KnownError('training', 'There are no training samples.', 'Lower `validationSplit`.')

  const model = experiment.buildModel(training.seed)
  const rule = experiment.createOptimizer(training.learningRate)
  let updater: WeightUpdater | undefined
  let trainer: Trainer | undefined
  let run: TrainingRun | undefined
  try {
    updater = new WeightUpdater(rule, findTrainedWeights(model), factorsOfWeights(model, experiment.learningRates))
    const objectives = fitObjectives(objectivesOf(experiment), train, data.classNames)
    const { learningRate } = rule
    const parts = { experiment, objectives, training, train, validation, model, updater, learningRate }
    const { checkpoint, folder } = options
    // This must precede the first step, which changes the seeds of layers.
    const description = describeExperiment(parts)
    if (checkpoint) {
      requireSameExperiment(folder ?? 'The run', readSavedRun(checkpoint), description, training)
      restoreWeights(model, checkpoint)
    } else if (experiment.weights) {
      assignInitialWeights(
        model,
        experiment.weights,
        options.initialWeights ?? (await readInitialWeights(experiment.weights)),
      )
    }
    trainer = await startTrainer(parts)
    run = new TrainingRun({
      ...parts,
      description,
      plan: planOf(parts, trainer),
      callbacks: withRecords(experiment.createCallbacks?.() ?? [], folder),
      folder,
      signal: options.signal ?? new AbortController().signal,
      listener,
    })
    noteCappedThreads(run)
    if (training.precision === 'relaxed' && tf.getBackend() !== 'wasm') {
      run.note('`precision: relaxed` has no effect on this engine: only wasm has it.')
    }
    if (checkpoint) {
      restoreRun(run, checkpoint)
      noteChanges(run, readSavedRun(checkpoint))
    }
    return await trainEpochs(run, trainer, options.stopAfter)
  } catch (error) {
    model.dispose()
    throw run?.hasBegun === true ? failedInTraining(error) : error
  } finally {
    run?.dispose()
    await trainer?.stop()
    forgetSeeds(model)
    updater?.dispose()
  }
}

/** @throws KnownError if the checkpoint is of another experiment, or has more epochs than are requested. */
function requireSameExperiment(
  folder: string,
  saved: SavedRun,
  present: ExperimentDescription,
  { epochs }: TrainingOptions,
): void {
  requireNoDifference(folder, compareDescriptions(saved.description, present))
  requireEnoughEpochs(folder, saved, epochs)
}

/** The factors of the learning rate of the weights in the layers that have one. */
function factorsOfWeights(
  model: tf.LayersModel,
  rates: Readonly<Record<string, number>> = {},
): ReadonlyMap<TrainedWeight, number> {
  return new Map(
    Object.entries(rates).flatMap(([name, factor]) =>
      model.getLayer(name).trainableWeights.map((weight) => [weight, factor] as const),
    ),
  )
}

/** Notes that fewer threads train than were requested, which changes the last digits of the results. */
function noteCappedThreads(run: TrainingRun): void {
  const { training, plan } = run.parts
  const cores = availableParallelism()
  if (typeof training.threads !== 'number' || training.threads <= cores || tf.getBackend() !== 'wasm') return
  const threads = plan.threads === 1 ? '1 thread' : `${plan.threads} threads`
  run.note(`Training in ${threads} instead of ${training.threads}: this machine has ${countOf(cores, 'core')}.`)
}

/** How steps ran when checkpoints did not say so. */
const earlierForms: Readonly<Record<string, StepForm>> = { tensorflow: 'single operations' }

/** Notes allowed differences from the checkpoint that a user may not expect. */
function noteChanges(run: TrainingRun, { engine, threads, form = earlierForms[engine] }: SavedRun): void {
  const { plan, stopped, epoch } = run
  const present = tf.getBackend()
  const differs = 'the last digits of the results will differ'
  if (present !== engine || plan.threads !== threads) {
    const describe = (name: string, count: number) => `${name} in ${countOf(count, 'thread')}`
    run.note(`Started on ${describe(engine, threads)}, resumed on ${describe(present, plan.threads)}: ${differs}.`)
  } else if (plan.form !== form) {
    run.note(`Steps were ${form} and are ${plan.form} now: ${differs}.`)
  }
  if (epoch > plan.epochs && stopped === undefined) {
    const trained = plan.epochs === 1 ? 'The only epoch is' : `All ${plan.epochs} epochs are`
    run.note(`${trained} already trained. To continue, raise the number of epochs.`)
  }
}

/** Adds the callbacks that keep metrics and, by default, the newest checkpoints in the run folder. */
function withRecords(callbacks: readonly Callback[], folder: string | undefined): readonly Callback[] {
  if (folder === undefined) return callbacks
  const keepsCheckpoints = callbacks.some(({ name }) => name === checkpointCallback)
  return [metricsFile(), ...callbacks, ...(keepsCheckpoints ? [] : [keepCheckpoints()])]
}

function planOf(
  parts: TrainedParts & { readonly validation: Samples | undefined },
  { threads, form }: Trainer,
): TrainingPlan {
  const { experiment, training, train, validation, model } = parts
  return {
    name: experiment.name,
    parameters: model.countParams(),
    samples: train.count,
    validationSamples: validation?.count ?? 0,
    epochs: training.epochs,
    steps: Math.ceil(train.count / samplesPerStep(parts)),
    batchSize: training.batchSize,
    threads,
    ...(form && { form }),
  }
}

async function trainEpochs(
  run: TrainingRun,
  trainer: Trainer,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<TrainingResult> {
  const { experiment, training, validation, model, plan, signal, listener } = run.parts
  await listener.onTrainBegin?.(plan)
  await run.begin()
  // Shared by all epochs: within a single short epoch it would never yield.
  const breathe = createYielder()
  while (run.hasEpochLeft && run.epoch <= stopAfter) {
    listener.onEpochBegin?.(run.epoch, training.epochs)
    const trained = await trainEpoch(run, trainer, breathe)
    if (run.step < plan.steps) break
    const validated =
      validation && (await evaluateUnlessAborted(model, validation, experiment, training.batchSize, signal))
    if (validation && !validated) break
    const validationLogs = Object.entries(validated ?? {}).map(([name, value]) => [`val_${name}`, value])
    await run.endEpoch({ epoch: run.epoch, ...trained, ...Object.fromEntries(validationLogs) })
  }
  await run.end()
  const { history, stepsDone: steps, stopped } = run
  const paused = run.hasEpochLeft
  return { model, history, steps, interrupted: signal.aborted, paused, ...(stopped !== undefined && { stopped }) }
}
