/** A training run in this process: engine, data, loop, evaluation, and the run folder that holds what came of it. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayerBytes } from '../../graph/cost.ts'
import type { Program } from '../../program/program.ts'
import type { EngineChoice } from '../../runtime/engines/startEngine.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import { DataError } from '../../system/dataError.ts'
import type { DatasetSplits } from '../../runtime/data/samples.ts'
import { requireFinite } from '../../runtime/data/finiteSamples.ts'
import { nothingToTest, settleSplits } from '../../runtime/data/settleSplits.ts'
import type { Experiment } from '../../runtime/training/experiment.ts'
import { openRun, type ResumedRun } from '../../runtime/runs/resumedRun.ts'
import { type EngineInfo } from '../../runtime/engines/engineInfo.ts'
import { describeData } from '../../runtime/runs/modelMetadata.ts'
import { createRunFolder, environmentOf, formatJson, writeRunFiles } from '../../runtime/runs/runFolder.ts'
import { unlockRun } from '../../runtime/runs/runLock.ts'
import { openManifest } from '../../runtime/runs/runManifest.ts'
import { saveRunModel, weightsDigest } from '../../runtime/runs/saveModel.ts'
import { MemoryError } from '../../system/memoryError.ts'
import { asKnownError, failedInTraining } from '../../system/systemError.ts'
import { countThreads } from '../../runtime/threads/countThreads.ts'
import type { TrainingListener } from '../../runtime/training/trainingListener.ts'
import { type RunOptions, trainExperiment } from '../../runtime/training/trainingLoop.ts'
import { version } from '../../system/version.ts'
import { inspectModel, type InspectedEvaluation } from '../inspect/inspectModel.ts'
import { interpretProgram } from '../../backends/interpret/interpret.ts'
import { refuseLargeNetwork } from './networkMemory.ts'
import { loadRunWeights } from '../predict/runWeights.ts'

export type { TrainingListener } from '../../runtime/training/trainingListener.ts'
export type { EngineChoice } from '../../runtime/engines/startEngine.ts'
export type { EngineInfo } from '../../runtime/engines/engineInfo.ts'
export { listenForInterruption } from '../../runtime/training/interruption.ts'
export { formatCount, formatDuration, formatLogs, textProgress } from '../../runtime/training/textProgress.ts'

export interface RunRequest {
  readonly engine: EngineChoice
  /** Where the dataset is; by default where it is usually found. */
  readonly data?: string
  /** The folder in which run folders are made. */
  readonly root: string
  /** The spec as written, and as resolved with its defaults and what the command line changed. */
  readonly specText: string
  readonly resolvedSpec: object
  /** The folder of a run to resume, or of one that was left before it began, in place of a new one. */
  readonly resume?: string
  readonly signal: AbortSignal
  /** Called once all is saved, while no other process may train in the folder. */
  onSaved?(outcome: RunOutcome): Promise<void>
  /** What a training step takes at the least. */
  readonly leastBytes: LayerBytes
  onEngine(engine: EngineInfo): void
}

export interface RunOutcome {
  readonly folder: string
  /** Loss and metrics on the test samples; absent where there are none, or the run was interrupted. */
  readonly test?: Readonly<Record<string, number>>
  /** SHA-256 of the weights. */
  readonly digest: string
  readonly interrupted: boolean
}

/**
 * Trains a program that states an experiment, and saves the run.
 *
 * @throws KnownError. From the first step on it is marked as `inTraining`.
 */
export async function trainRun(program: Program, request: RunRequest, listener: TrainingListener): Promise<RunOutcome> {
  const resumed = request.resume === undefined ? undefined : await openRun(request.resume, listener.onNote)
  for (const note of resumed?.notes ?? []) listener.onNote?.(note)
  const experiment = interpretProgram(program)
  try {
    return await trainOn({ program, experiment, resumed }, request, listener)
  } finally {
    await experiment.replicas?.release()
  }
}

interface TrainedProgram {
  readonly program: Program
  readonly experiment: Experiment
  readonly resumed: ResumedRun | undefined
}

async function trainOn(
  { program, experiment, resumed }: TrainedProgram,
  request: RunRequest,
  listener: TrainingListener,
): Promise<RunOutcome> {
  // Files are read while the engine starts, and while threads do; what is wrong with them is told behind that.
  const loading = experiment.loadData(request.data)
  loading.catch(() => undefined)
  const engine = await startEngine(engineOf(request, resumed))
  request.onEngine(engine)
  refuseLargeNetwork(request.leastBytes, engine, 1)
  const options = resumedOptions(experiment, resumed)
  const training = { ...experiment.training, ...options.training }
  const threads = countThreads(training)
  experiment.replicas?.prepareTeam(threads)
  const data = settleSplits(requireFinite(await loading), experiment.training)
  const batchSize = Math.min(experiment.training.batchSize, data.train.count)
  refuseLargeNetwork(request.leastBytes, engine, Math.ceil(batchSize / threads))
  const folder = resumed?.folder ?? (await createRunFolder(request.root, experiment.name))
  try {
    const environment = { ...environmentOf(engine, training.seed, threads), shapewright: version }
    await describeRun(folder, request, resumed?.isDescribed === true ? undefined : environment)
    const outcome = await trainInFolder(folder, { program, experiment, data, options }, request, listener)
    await request.onSaved?.(outcome)
    return outcome
  } catch (error) {
    if (resumed === undefined) await removeIfEmpty(folder, error)
    throw error
  } finally {
    unlockRun(folder)
  }
}

/** What memory does not hold leaves no folder behind, unless something was trained. */
async function removeIfEmpty(folder: string, error: unknown): Promise<void> {
  if (!(asKnownError(error) instanceof MemoryError)) return
  const isTrained = ['checkpoints', 'metrics.jsonl', 'model'].some((name) => existsSync(join(folder, name)))
  if (!isTrained) await rm(folder, { recursive: true, force: true })
}

interface OpenedRun {
  readonly program: Program
  readonly experiment: Experiment
  readonly data: DatasetSplits
  /** Where it resumes from. */
  readonly options: RunOptions
}

/** Trains, evaluates, and saves what came of it. */
async function trainInFolder(
  folder: string,
  { program, experiment, data, options }: OpenedRun,
  request: RunRequest,
  listener: TrainingListener,
): Promise<RunOutcome> {
  const { model, interrupted } = await trainExperiment(
    experiment,
    { data, folder, signal: request.signal, ...options },
    listener,
  )
  try {
    await saveRunModel(model, folder, describeData(data))
    const digest = weightsDigest(model)
    const { test: samples, classNames } = data
    if (!interrupted && samples === undefined) listener.onNote?.(nothingToTest)
    if (interrupted || samples === undefined) {
      await openManifest(folder)?.close(interrupted ? 'interrupted' : 'finished')
      return { folder, digest, interrupted }
    }
    const tested = { test: samples, classNames }
    const { logs: test, inspection } = await inspectModel({ program, experiment, model }, tested)
    await writeRunFiles(folder, { 'evaluation.json': formatJson(test), 'inspection.json': formatJson(inspection) })
    await openManifest(folder)?.close('finished')
    return { folder, digest, interrupted, test }
  } catch (error) {
    throw failedInTraining(error)
  } finally {
    model.dispose()
  }
}

/** The engine of the resumed run, unless another one is asked for. */
function engineOf({ engine }: RunRequest, resumed: ResumedRun | undefined): EngineChoice {
  const before = resumed?.saved?.engine
  if (engine !== 'auto' || before === undefined) return engine
  return before === 'wasm' || before === 'cpu' ? before : 'node'
}

/** A run that is resumed keeps its number of threads, where `auto` might find another today. */
function resumedOptions({ training }: Experiment, resumed: ResumedRun | undefined): RunOptions {
  if (resumed?.checkpoint === undefined) return {}
  const { checkpoint, saved } = resumed
  return { checkpoint, ...(training.threads === 'auto' && saved && { training: { threads: saved.threads } }) }
}

/**
 * Writes what the run is made from.
 *
 * @param environment That of a new run. It comes last: a folder that has it can be resumed.
 */
async function describeRun(
  folder: string,
  { specText, resolvedSpec }: RunRequest,
  environment: object | undefined,
): Promise<void> {
  await writeRunFiles(folder, {
    // Of a run that is resumed, they tell of other weights.
    'evaluation.json': null,
    'inspection.json': null,
    'spec.yaml': specText,
    'resolved.json': formatJson(resolvedSpec),
    ...(environment && { 'environment.json': formatJson(environment) }),
  })
}

export interface EvaluationRequest extends Pick<RunRequest, 'engine' | 'data' | 'onEngine'> {
  readonly withPictures: boolean
  /** The name of one, in place of the weights of the end. */
  readonly checkpoint?: string
}

/** What a saved run's model is worth on the test samples of its dataset. */
export async function evaluateRun(
  program: Program,
  folder: string,
  request: EvaluationRequest,
): Promise<InspectedEvaluation> {
  request.onEngine(await startEngine(request.engine))
  const experiment = interpretProgram(program)
  const loaded = requireFinite(await experiment.loadData(request.data))
  const { test, classNames } = settleSplits(loaded, experiment.training)
  if (test === undefined) throw new DataError(nothingToTest, 'Keep some for it: `testSplit: 0.2` of the dataset.')
  const model = experiment.buildModel(experiment.training.seed)
  try {
    await loadRunWeights(model, folder, request.checkpoint)
    return await inspectModel({ program, experiment, model }, { test, classNames }, request.withPictures)
  } finally {
    model.dispose()
  }
}
