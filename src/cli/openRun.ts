/** Opens the run folder of a command: its record, its checked spec, and the metadata of its model. */
import { countOf } from '../diagnostics/formatCount.ts'
import { join } from 'node:path'
import { statOf } from '../system/fileState.ts'
import { KnownError } from '../system/knownError.ts'
import type { Analysis } from '../analyze.ts'
import type { ModelMetadata } from '../tasks/predict/predictRun.ts'
import { analyzeRun } from '../report/run/analyzeRun.ts'
import { formatMetric } from '../report/run/numbers.ts'
import { readRun, type RunRecord } from '../report/run/runRecord.ts'
import { readSweepSummary } from '../report/sweep/readSweepSummary.ts'
import { bestTrial } from '../report/sweep/sweepSummary.ts'
import { isSweepFolder } from '../tasks/sweep/sweepFiles.ts'
import { modelFiles, runFiles } from '../system/runFiles.ts'
import { checkedSpec } from './checkedSpec.ts'

/**
 * @param part Whether all files are read, or only those that the network is built from.
 * @throws KnownError if the folder is not a run folder, or one of its files is damaged.
 */
export async function openRun(folder: string, part: 'all' | 'network' = 'all'): Promise<RunRecord> {
  if (statOf(folder)?.isFile() === true)
    throw new KnownError('usage', `${folder} is a file, not a run folder`, createsRuns)
  const run = await readRun(folder, part)
  if (run === undefined) {
    if (isSweepFolder(folder)) throw await sweepInsteadOfRun(folder)
    throw new KnownError('usage', `${folder} is not a run folder`, createsRuns)
  }
  if (run.isUnverified) {
    process.stderr.write(`${folder} was created by a version without checksums, so its files are not verified.\n`)
  }
  return run
}

const createsRuns = '`shapewright train` creates run folders in `runs`'

/** The error for a sweep folder where a run is needed: names the run folder of its best trial. */
async function sweepInsteadOfRun(folder: string): Promise<KnownError> {
  const sweep = await readSweepSummary(folder)
  const best = bestTrial(sweep)
  const message = `${folder} is a sweep of ${countOf(sweep.trials.length, 'trial')}, not a run`
  if (best?.score === undefined) {
    return new KnownError('usage', message, `no trial of it has a result; the trials are in ${join(folder, 'trials')}`)
  }
  const score = `${sweep.objective.metric} ${formatMetric(sweep.objective.metric, best.score)}`
  const place = join(folder, best.folder)
  return new KnownError('usage', message, `its best trial is ${best.number} (${score}): write ${place} instead`)
}

/** @throws KnownError if no model was saved, because the run stopped early or is still in progress. */
export async function openTrainedRun(folder: string): Promise<RunRecord> {
  const network = await openRun(folder, 'network')
  if (network.hasModel) return network
  const run = (await readRun(folder)) ?? network
  const epochs = run.history.length
  const when = epochs === 0 ? 'before its first epoch ended' : `after ${countOf(epochs, 'epoch')}`
  throw new KnownError(
    'usage',
    `${folder} has no model: the run stopped ${when}, or is still in progress`,
    'a run saves its model when it ends or is stopped with Ctrl-C; resume it or train again',
  )
}

/**
 * Checks the spec of a run. Prints its errors and returns undefined if it has any.
 *
 * @param data The path of the dataset; overrides the one in the spec.
 */
export function checkedRunSpec(run: RunRecord, data = run.resolved?.data): Analysis | undefined {
  if (run.specText !== undefined) {
    const { specText: text, resolved } = run
    return checkedSpec(join(run.folder, runFiles.spec), {
      quiet: true,
      data,
      file: resolved?.file,
      text,
      isTrained: true,
    })
  }
  throw new KnownError(
    'usage',
    `${run.folder} has no ${runFiles.spec}, so its network cannot be built`,
    'compiled scripts do not save their spec: copy the spec that the script was compiled from into the folder',
  )
}

/** As `checkedRunSpec`, for commands that need only the network: the dataset may be missing. */
export function checkedNetwork(run: RunRecord): Analysis | undefined {
  return analyzeRun(run) ?? checkedRunSpec(run)
}

/** @throws KnownError if the model has no metadata, because an older version saved it. */
export function readMetadata({ folder, metadata }: RunRecord): ModelMetadata {
  if (metadata) return metadata
  throw new KnownError(
    'usage',
    `${join(folder, runFiles.model, modelFiles.topology)} does not contain the preprocessing of samples`,
    'it was saved by an older version: train again',
  )
}
