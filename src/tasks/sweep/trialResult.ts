/** Reads how well a trial does from the metrics of its run folder. */
import { join } from 'node:path'
import { isBetter } from '../../sweep/compareScores.ts'
import type { Objective } from '../../sweep/trial.ts'
import { fileSizeLimits, readRegularFile, readWholeFile } from '../../system/regularFile.ts'
import { runFiles } from '../../system/runFiles.ts'
import { type EpochRecord, parseHistory } from '../train/epochHistory.ts'
import { trialFolder, type SweepRecord } from './sweepFiles.ts'

/** The best epoch of a trial. */
export interface BestEpoch {
  readonly score: number
  readonly epoch: number
}

/** The epochs of a run; empty if it has none yet, or its folder is gone. */
export async function readHistory(folder: string): Promise<EpochRecord[]> {
  const text = await readWholeFile(join(folder, runFiles.metrics), fileSizeLimits.text).catch(() => '')
  return parseHistory(`${text}`)
}

/** The histories of all trials that can be trained, by their numbers. */
export async function readHistories(folder: string, { trials }: SweepRecord): Promise<Map<number, EpochRecord[]>> {
  const histories = new Map<number, EpochRecord[]>()
  for (const { number, state } of trials) {
    if (state === 'ready') histories.set(number, await readHistory(trialFolder(folder, number)))
  }
  return histories
}

/** As `readHistory`, for a display that is drawn at once. */
export function readHistorySync(folder: string): EpochRecord[] {
  try {
    return parseHistory(`${readRegularFile(join(folder, runFiles.metrics), fileSizeLimits.text)}`)
  } catch {
    return []
  }
}

/**
 * The epoch with the best value of the objective, the first of equals; undefined if no epoch has a finite one.
 *
 * @param epochs Only the first so many epochs count.
 */
export function bestEpoch(
  history: readonly EpochRecord[],
  { metric, direction }: Objective,
  epochs = Number.POSITIVE_INFINITY,
): BestEpoch | undefined {
  let best: BestEpoch | undefined
  for (const record of history) {
    const { epoch = 0, [metric]: score } = record
    if (epoch > epochs || score === undefined || !Number.isFinite(score)) continue
    if (best === undefined || isBetter(score, best.score, direction)) best = { score, epoch }
  }
  return best
}
