import * as tf from '@tensorflow/tfjs'
import { basename, dirname } from 'node:path'
import { requireFinite } from '../data/finiteSamples.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { type DatasetSplits } from '../data/samples.ts'
import { nothingToTest, settleSplits } from '../data/settleSplits.ts'
import { type EngineInfo } from '../engines/engineInfo.ts'
import { evaluateModel } from '../training/evaluation.ts'
import { type Experiment } from '../training/experiment.ts'
import { listenForInterruption } from '../training/interruption.ts'
import { exitCodeOf } from '../../system/knownError.ts'
import { ignoreLostReaders } from '../../system/lostReaders.ts'
import { describeData } from '../runs/modelMetadata.ts'
import { openRun, type ResumedRun, resumeTraining } from '../runs/resumedRun.ts'
import { createRunFolder, environmentOf, formatJson, type RunEnvironment, writeRunFiles } from '../runs/runFolder.ts'
import { unlockRun } from '../runs/runLock.ts'
import { openManifest } from '../runs/runManifest.ts'
import { saveRunModel, weightsDigest } from '../runs/saveModel.ts'
import { describeScriptOptions, parseScriptOptions, type ScriptOptions } from './scriptOptions.ts'
import { asKnownError, failedInTraining } from '../../system/systemError.ts'
import { formatLogs, textProgress } from '../training/textProgress.ts'
import { countThreads } from '../threads/countThreads.ts'
import { trainExperiment } from '../training/trainingLoop.ts'

/**
 * What a compiled script does: reads its arguments, starts the engine, trains, evaluates on the test samples and saves
 * the run. Progress goes to stderr, results to stdout. Ctrl-C stops after the step under way and saves; `--resume` continues from there.
 *
 * @param start Starts the engine that the script was compiled for.
 * @param argv The arguments, without the program and the script.
 * @returns The exit code: 0 done, 2 wrong use or an environment that does not allow it, 3 training failed, 130 interrupted.
 * @throws A bug.
 */
export async function runScript(
  experiment: Experiment,
  start: () => Promise<EngineInfo>,
  argv: readonly string[],
): Promise<number> {
  ignoreLostReaders()
  let options: ScriptOptions
  try {
    options = parseScriptOptions(argv)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\nTry --help.\n`)
    return 2
  }
  if (options.help) {
    process.stdout.write(describeScriptOptions(experiment.name, experiment.training))
    return 0
  }
  try {
    return await trainAndSave(experiment, start, options)
  } catch (error) {
    const known = asKnownError(error)
    if (known === undefined) throw error
    process.stderr.write(`\nerror: ${escapeInLine(known.message)}\nhelp: ${escapeInLine(known.help)}\n`)
    return exitCodeOf(known)
  }
}

async function trainAndSave(
  experiment: Experiment,
  start: () => Promise<EngineInfo>,
  options: ScriptOptions,
): Promise<number> {
  const engine = await start()
  process.stderr.write(
    `engine: ${engine.name}, ${engine.detail}${engine.faster ? ` (faster: ${engine.faster})` : ''}\n`,
  )
  const progress = textProgress(process.stderr)
  const resumed = options.resume === undefined ? undefined : await openRun(options.resume, progress.onNote)
  const asked = resumed ? resumeTraining(experiment, resumed, options.training) : options.training
  const training = { ...experiment.training, ...asked }
  const data = settleSplits(requireFinite(await experiment.loadData(options.data)), training)
  for (const note of resumed?.notes ?? []) progress.onNote?.(note)
  const threads = experiment.replicas ? countThreads(training) : 1
  const folder = await openFolder(experiment, options, environmentOf(engine, training.seed, threads), resumed)
  const interruption = listenForInterruption()
  try {
    const { model, interrupted } = await trainExperiment(
      experiment,
      {
        training,
        data,
        folder,
        signal: interruption.signal,
        ...(resumed?.checkpoint && { checkpoint: resumed.checkpoint }),
      },
      progress,
    )
    await finishScript(experiment, { model, data, folder, batchSize: training.batchSize, interrupted })
    return interrupted ? 130 : 0
  } finally {
    interruption.stop()
    unlockRun(folder)
  }
}

interface TrainedScript {
  readonly model: tf.LayersModel
  readonly data: DatasetSplits
  readonly folder: string
  readonly batchSize: number
  readonly interrupted: boolean
}

/** Saves what was trained, and evaluates it. */
async function finishScript(experiment: Experiment, trained: TrainedScript): Promise<void> {
  const { model, data, folder, batchSize, interrupted } = trained
  try {
    await saveRunModel(model, folder, describeData(data))
    if (!interrupted && data.test === undefined) process.stderr.write(`${nothingToTest}\n`)
    if (!interrupted && data.test) {
      const logs = await evaluateModel(model, data.test, experiment, batchSize)
      await writeRunFiles(folder, { 'evaluation.json': formatJson(logs) })
      process.stdout.write(`test  ${formatLogs(logs)}\n`)
    }
    await openManifest(folder)?.close(interrupted ? 'interrupted' : 'finished')
    process.stdout.write(`weights sha256: ${weightsDigest(model)}\n`)
    process.stdout.write(`saved in ${folder}\n`)
  } catch (error) {
    throw failedInTraining(error)
  } finally {
    model.dispose()
  }
}

/** The folder of the resumed run, or a new one. */
async function openFolder(
  { name }: Experiment,
  { out }: ScriptOptions,
  environment: RunEnvironment,
  resumed: ResumedRun | undefined,
): Promise<string> {
  const folder =
    resumed?.folder ??
    (await (out === undefined ? createRunFolder('runs', name) : createRunFolder(dirname(out), basename(out))))
  // Of a run that is resumed, it tells of other weights.
  const files = {
    'evaluation.json': null,
    ...(!resumed?.isDescribed && { 'environment.json': formatJson(environment) }),
  }
  await writeRunFiles(folder, files)
  return folder
}
