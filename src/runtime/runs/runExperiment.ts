/**
 * Performs one run from start to end, for `train`, `train --resume` and package scripts: engine, data, folder,
 * training, evaluation.
 */
import type * as tf from '@tensorflow/tfjs'
import { rm } from 'node:fs/promises'
import { isKnownError } from '../../system/knownError.ts'
import { hasTrained, runFiles } from '../../system/runFiles.ts'
import { asKnownError, failedInTraining } from '../../system/systemError.ts'
import { requireFinite } from '../data/finiteSamples.ts'
import type { DatasetSplits, Samples } from '../data/samples.ts'
import { nothingToTest, prepareSplits } from '../data/prepareSplits.ts'
import { fetchValues } from '../engines/fetchValues.ts'
import type { EngineChoice } from '../../system/engineNames.ts'
import type { EngineInfo } from '../engines/engineInfo.ts'
import { startEngine } from '../engines/startEngine.ts'
import { countThreads } from '../threads/countThreads.ts'
import { evaluateModel } from '../training/evaluation.ts'
import type { ReplicatedExperiment, TrainingOptions } from '../training/experiment.ts'
import type { Logs } from '../training/runningLogs.ts'
import { trainExperiment } from '../training/trainingLoop.ts'
import type { TrainingListener } from '../training/trainingListener.ts'
import { describeData } from './modelMetadata.ts'
import { openRun, type ResumedRun, resumeTraining } from './resumedRun.ts'
import { readInitialWeights, requireSameWeights, type ReadWeights } from './initialWeights.ts'
import { createRunFolder, environmentOf, formatJson, writeRunFiles } from './runFolder.ts'
import { unlockRun } from './runLock.ts'
import { openManifest } from './runManifest.ts'
import { saveRunModel, weightsDigest } from './saveModel.ts'

/** The options and hooks of a run. */
export interface RunRequest {
  /** `auto` resumes a run on the engine it was started on. */
  readonly engine: EngineChoice
  /** The folder of the dataset; by default its usual places. */
  readonly data?: string
  /** The parent of new run folders. */
  readonly root: string
  /** The name of the new run folder; by default that of the experiment. */
  readonly name?: string
  /** The run folder to resume, or one whose run never started; overrides `root` and `name`. */
  readonly resume?: string
  /** Overrides the options of the experiment, or of the resumed run. */
  readonly training?: Partial<TrainingOptions>
  /** Ends training after the current step; the trained weights are saved. */
  readonly signal: AbortSignal
  /** Pauses training after this epoch; the run can be resumed, and is not evaluated yet. */
  readonly stopAfter?: number
  onEngine?(engine: EngineInfo): void
  /** @throws KnownError if memory cannot hold a step on that many samples at once. */
  checkMemory?(engine: EngineInfo, samples: number): void
  /** The files that describe the run, such as its spec, by name. */
  describe?(conditions: RunConditions): Readonly<Record<string, string>>
  /** Added to `environment.json`. */
  readonly environment?: object
  /** Evaluates the trained network; `evaluateModel` by default. */
  evaluate?(model: tf.LayersModel, tested: TestedData): Promise<Evaluation>
  /** Called once all is saved, while no other process may train in the folder. */
  onSaved?(outcome: RunOutcome): Promise<void>
}

/** The conditions that determine the last digits of the weights besides the experiment. */
export interface RunConditions {
  readonly engine: EngineInfo
  readonly threads: number
}

export interface TestedData {
  readonly test: Samples
  readonly classNames: readonly string[]
}

export interface Evaluation {
  readonly logs: Logs
  /** Further files of the evaluation, by name. */
  readonly files?: Readonly<Record<string, string>>
}

export interface RunOutcome {
  readonly folder: string
  /** Loss and metrics on the test samples; absent if the dataset has no test samples or the run was interrupted. */
  readonly test?: Logs
  /** SHA-256 of the weights. */
  readonly digest: string
  readonly interrupted: boolean
  /** Whether all epochs are trained: it was neither interrupted nor paused. */
  readonly isComplete: boolean
}

/**
 * Trains an experiment and saves the run.
 *
 * @throws KnownError Marked as `inTraining` from the first step on.
 */
export async function runExperiment(
  experiment: ReplicatedExperiment,
  request: RunRequest,
  listener: TrainingListener = {},
): Promise<RunOutcome> {
  try {
    const resumed = request.resume === undefined ? undefined : await openRun(request.resume, listener.onNote)
    for (const note of resumed?.notes ?? []) listener.onNote?.(note)
    return await startRun(experiment, resumed, request, listener)
  } finally {
    await experiment.replicas?.release()
  }
}

async function startRun(
  experiment: ReplicatedExperiment,
  resumed: ResumedRun | undefined,
  request: RunRequest,
  listener: TrainingListener,
): Promise<RunOutcome> {
  // Files are read while the engine and threads start; an engine error is reported before a file error.
  const loading = experiment.loadData(request.data)
  loading.catch(() => undefined)
  const reading = experiment.weights && !resumed?.checkpoint ? readInitialWeights(experiment.weights) : undefined
  reading?.catch(() => undefined)
  const asked = request.training ?? {}
  const training = { ...experiment.training, ...(resumed ? resumeTraining(experiment, resumed, asked) : asked) }
  const work = { stepFlops: 3 * (experiment.flops ?? Infinity) * training.batchSize }
  const engine = await startEngine(engineOf(request, resumed), work)
  request.onEngine?.(engine)
  request.checkMemory?.(engine, 1)
  const threads = experiment.replicas ? countThreads(training) : 1
  experiment.replicas?.prepareTeam(threads)
  const data = prepareSplits(requireFinite(await loading), training)
  request.checkMemory?.(engine, Math.ceil(Math.min(training.batchSize, data.train.count) / threads))
  const initialWeights = await reading
  const folder = resumed?.folder ?? (await createRunFolder(request.root, request.name ?? experiment.name))
  try {
    const environment = {
      ...environmentOf(engine, training.seed, threads),
      ...(engine.name === 'wasm' && training.precision === 'relaxed' && { precision: 'relaxed' }),
      ...(initialWeights && { weights: { from: experiment.weights?.from, sha256: initialWeights.sha256 } }),
      ...request.environment,
    }
    if (resumed?.isDescribed === true && initialWeights) await requireSameWeights(folder, initialWeights)
    await writeRunFiles(folder, {
      // The evaluation of a resumed run describes earlier weights.
      [runFiles.evaluation]: null,
      [runFiles.inspection]: null,
      ...request.describe?.({ engine, threads }),
      // Written last: a folder with this file can be resumed.
      ...(resumed?.isDescribed !== true && { [runFiles.environment]: formatJson(environment) }),
    })
    const recording: TrainingListener = {
      ...listener,
      async onTrainBegin(plan) {
        await listener.onTrainBegin?.(plan)
        if (plan.form === undefined || resumed?.isDescribed === true) return
        await writeRunFiles(folder, { [runFiles.environment]: formatJson({ ...environment, step: plan.form }) })
      },
    }
    const outcome = await trainInFolder(experiment, { folder, training, data, initialWeights, resumed }, request, recording)
    await request.onSaved?.(outcome)
    return outcome
  } catch (error) {
    if (resumed === undefined) await removeIfEmpty(folder, error)
    throw error
  } finally {
    unlockRun(folder)
  }
}

/** The engine of the resumed run, unless another one is requested. */
function engineOf({ engine }: RunRequest, resumed: ResumedRun | undefined): EngineChoice {
  const before = resumed?.saved?.engine
  if (engine !== 'auto' || before === undefined) return engine
  return before === 'wasm' || before === 'cpu' || before === 'webgpu' ? before : 'node'
}

/** Removes a run folder if the run ran out of memory before anything was trained. */
async function removeIfEmpty(folder: string, error: unknown): Promise<void> {
  if (!(isKnownError(asKnownError(error), 'memory'))) return
  if (!hasTrained(folder)) await rm(folder, { recursive: true, force: true })
}

interface OpenedRun {
  readonly folder: string
  readonly training: TrainingOptions
  readonly data: DatasetSplits
  readonly initialWeights: ReadWeights | undefined
  readonly resumed: ResumedRun | undefined
}

/** Trains, evaluates, and saves the results. */
async function trainInFolder(
  experiment: ReplicatedExperiment,
  { folder, training, data, initialWeights, resumed }: OpenedRun,
  { signal, stopAfter, evaluate }: RunRequest,
  listener: TrainingListener,
): Promise<RunOutcome> {
  const { model, interrupted, paused } = await trainExperiment(
    experiment,
    {
      training,
      data,
      folder,
      signal,
      ...(stopAfter !== undefined && { stopAfter }),
      ...(initialWeights && { initialWeights }),
      ...(resumed?.checkpoint && { checkpoint: resumed.checkpoint }),
    },
    listener,
  )
  try {
    await saveRunModel(model, folder, describeData(data))
    await fetchValues(model.getWeights())
    const isComplete = !interrupted && !paused
    const saved = { folder, digest: weightsDigest(model), interrupted, isComplete }
    const { test, classNames } = data
    if (isComplete && test === undefined) listener.onNote?.(nothingToTest)
    if (!isComplete || test === undefined) {
      await openManifest(folder)?.close(isComplete ? 'finished' : 'interrupted')
      return saved
    }
    const { logs, files }: Evaluation = evaluate
      ? await evaluate(model, { test, classNames })
      : { logs: await evaluateModel(model, test, experiment, training.batchSize) }
    await writeRunFiles(folder, { [runFiles.evaluation]: formatJson(logs), ...files })
    await openManifest(folder)?.close('finished')
    return { ...saved, test: logs }
  } catch (error) {
    throw failedInTraining(error)
  } finally {
    model.dispose()
  }
}
