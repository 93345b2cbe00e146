/** Trains the program of a spec and saves the run, and evaluates saved runs. */
import type { LayerBytes } from '../../graph/cost.ts'
import type { Program } from '../../program/program.ts'
import { interpretProgram } from '../../backends/interpret/interpret.ts'
import { requireFinite } from '../../runtime/data/finiteSamples.ts'
import { prepareSplits } from '../../runtime/data/prepareSplits.ts'
import type { EngineInfo } from '../../runtime/engines/engineInfo.ts'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import {
  runExperiment,
  type RunConditions,
  type RunOutcome,
  type RunRequest,
} from '../../runtime/runs/runExperiment.ts'
import { formatJson } from '../../runtime/runs/runFolder.ts'
import type { TrainingListener } from '../../runtime/training/trainingListener.ts'
import { runFiles } from '../../system/runFiles.ts'
import { version } from '../../system/version.ts'
import { inspectModel, type InspectedEvaluation } from '../inspect/inspectModel.ts'
import { loadRunWeights } from '../predict/runWeights.ts'
import { refuseLargeNetwork } from './networkMemory.ts'
import { observeExperiment, type RunObserver } from './observeRun.ts'

export type { EpochLogs, TrainingListener, TrainingPlan } from '../../runtime/training/trainingListener.ts'
export type { EngineInfo } from '../../runtime/engines/engineInfo.ts'
export type { RunConditions } from '../../runtime/runs/runExperiment.ts'
export { nothingToTest } from '../../runtime/data/prepareSplits.ts'
export { listenForInterruption } from '../../runtime/training/interruption.ts'
export { formatDuration, formatLogs, textProgress } from '../../runtime/training/textProgress.ts'

export interface SpecRunRequest extends Pick<
  RunRequest,
  'engine' | 'data' | 'root' | 'resume' | 'signal' | 'stopAfter' | 'onEngine' | 'onSaved'
> {
  /** The spec as it was written. */
  readonly specText: string
  /** The spec with its defaults and the options of the command line. */
  readonly resolvedSpec: object
  /** The least memory that a training step needs. */
  readonly leastBytes: LayerBytes
  /** Receives the run folder and the predictions after each epoch. */
  readonly observer?: RunObserver
  /** Returns the command that repeats the run. */
  commandOf(conditions: RunConditions): string
}

/**
 * Trains a program that has an experiment, and saves the run.
 *
 * @throws KnownError, whose `inTraining` is true from the first step on.
 */
export async function trainRun(
  program: Program,
  { leastBytes, specText, resolvedSpec, commandOf, observer, ...request }: SpecRunRequest,
  listener?: TrainingListener,
): Promise<RunOutcome> {
  const experiment = interpretProgram(program)
  return await runExperiment(
    observer === undefined ? experiment : observeExperiment(experiment, program, observer),
    {
      ...request,
      environment: { shapewright: version },
      describe: (conditions) => ({
        [runFiles.spec]: specText,
        [runFiles.resolved]: formatJson({ ...resolvedSpec, command: commandOf(conditions) }),
      }),
      checkMemory: (engine, samples) => refuseLargeNetwork(leastBytes, engine, samples),
      async evaluate(model, tested) {
        const { logs, inspection } = await inspectModel({ program, experiment, model }, tested)
        return { logs, files: { [runFiles.inspection]: formatJson(inspection) } }
      },
    },
    listener,
  )
}

export interface EvaluationRequest extends Pick<RunRequest, 'engine' | 'data'> {
  onEngine(engine: EngineInfo): void
  readonly withPictures: boolean
  /** The name of the checkpoint to use instead of the final weights. */
  readonly checkpoint?: string
}

/** Evaluates the model of a saved run on the test samples of its dataset. Undefined if it has none. */
export async function evaluateRun(
  program: Program,
  folder: string,
  request: EvaluationRequest,
): Promise<InspectedEvaluation | undefined> {
  request.onEngine(await startEngine(request.engine))
  const experiment = interpretProgram(program)
  const loaded = requireFinite(await experiment.loadData(request.data))
  const { test, classNames } = prepareSplits(loaded, experiment.training)
  if (test === undefined) return undefined
  const model = experiment.buildModel(experiment.training.seed)
  try {
    await loadRunWeights(model, folder, request.checkpoint)
    return await inspectModel({ program, experiment, model }, { test, classNames }, request.withPictures)
  } finally {
    model.dispose()
  }
}
