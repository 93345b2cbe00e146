/** Writes the report of a sweep into its folder. */
import { join } from 'node:path'
import { checkText } from '../../analyze.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { plainPalette } from '../../diagnostics/renderPretty.ts'
import { isOwnPage } from '../../system/marks.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { reportFile, runFiles } from '../../system/runFiles.ts'
import { writeOutput } from '../../system/writeOutput.ts'
import { readSweep } from '../../tasks/sweep/readSweep.ts'
import { compareModels } from '../diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../diff/modelFacts.ts'
import { renderDiff } from '../diff/renderDiff.ts'
import type { BestDetails } from './bestSection.ts'
import { summaryOf } from './readSweepSummary.ts'
import { renderSweep } from './renderSweep.ts'
import { bestTrial } from './sweepSummary.ts'

/**
 * @param path The page; by default `report.html` in the folder of the sweep.
 * @param force Replaces a file that is not a report.
 * @returns The path of the page.
 * @throws KnownError if the folder contains no sweep, or the page cannot be written.
 */
export async function writeSweepReport(
  folder: string,
  path = join(folder, reportFile),
  force = false,
): Promise<string> {
  const state = await readSweep(folder)
  const specText = await readText(join(folder, runFiles.spec))
  const summary = { ...summaryOf(state), ...(specText !== undefined && { specText }) }
  const best = bestTrial(summary)
  const details = best && (await detailsOf(folder, best.folder, specText, state.record.file))
  writeOutput([{ path, content: [renderSweep(summary, details)], isOurs: isOwnPage }], { force })
  return path
}

/** @param file The path of the sweep file, to which the paths in it are relative. */
async function detailsOf(
  folder: string,
  trial: string,
  baseText: string | undefined,
  file: string,
): Promise<BestDetails | undefined> {
  const place = `${trial}/${runFiles.spec}`
  const specText = await readText(join(folder, place))
  if (specText === undefined) return undefined
  const [base, own] = [baseText && factsOf(file, baseText), factsOf(join(folder, place), specText, place)]
  return { specText, ...(base && own && { difference: renderDiff(compareModels(base, own), plainPalette) }) }
}

/** Returns undefined for a spec that has errors, for example because a file that it extends is gone. */
function factsOf(file: string, text: string, label = file): ModelFacts | undefined {
  const analysis = checkText(text, file, { host: nodeHost })
  return hasErrors(analysis.diagnostics) ? undefined : modelFacts(label, analysis)
}

/** Returns undefined if the file is missing or cannot be read: the page is written without it. */
async function readText(path: string): Promise<string | undefined> {
  const text = await readWholeFile(path, fileSizeLimits.text).catch(() => undefined)
  return text?.toString('utf8')
}
