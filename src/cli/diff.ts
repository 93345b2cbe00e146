/** Implements `shapewright diff`: compares the models of two specs or runs, or two sweeps. Exits with 1 if they differ, as diff does. */
import { statSync } from 'node:fs'
import { KnownError } from '../system/knownError.ts'
import { compareModels } from '../report/diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../report/diff/modelFacts.ts'
import { renderDiff } from '../report/diff/renderDiff.ts'
import { factsOfRun } from '../report/run/runsTable.ts'
import { compareSweeps } from '../report/sweep/compareSweeps.ts'
import { readSweepSummary } from '../report/sweep/readSweepSummary.ts'
import { renderSweepDiff } from '../report/sweep/renderSweepDiff.ts'
import { isSweepFolder } from '../tasks/sweep/sweepFiles.ts'
import type { diff } from './commands/diff.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { openRun } from './openRun.ts'

type DiffOptions = OptionsOf<typeof diff>

export async function diffCommand(before: string, after: string, { format, set }: DiffOptions): Promise<number> {
  if (isSweepFolder(before) && isSweepFolder(after)) return diffSweeps(before, after, format)
  const [old, fresh] = [await readFacts(before, set), await readFacts(after, set)]
  const comparison = compareModels(old, fresh)
  if (format === 'json') process.stdout.write(`${JSON.stringify({ version: 1, ...comparison }, null, 2)}\n`)
  else process.stdout.write(renderDiff(comparison, paletteFor(process.stdout)))
  return comparison.differs ? exitCodes.problems : exitCodes.fine
}

async function diffSweeps(before: string, after: string, format: DiffOptions['format']): Promise<number> {
  const comparison = compareSweeps(await readSweepSummary(before), await readSweepSummary(after))
  if (format === 'json') process.stdout.write(`${JSON.stringify({ version: 1, ...comparison }, null, 2)}\n`)
  else process.stdout.write(renderSweepDiff(comparison, paletteFor(process.stdout)))
  return comparison.differs ? exitCodes.problems : exitCodes.fine
}

/**
 * Reads a model. The settings apply to specs, not to runs.
 *
 * @throws KnownError if there is no spec to compare, or it has errors: exit code 1 would mean that the models differ.
 */
async function readFacts(path: string, settings: readonly string[] | undefined): Promise<ModelFacts> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    const facts = factsOfRun(await openRun(path))
    if (facts) return facts
    throw new KnownError(
      'usage',
      `${path} has no spec to compare`,
      'compiled scripts do not save their spec: pass the spec itself',
    )
  }
  const analysis = checkedSpec(path, { quiet: true, settings })
  if (analysis === undefined)
    throw new KnownError('usage', `${path} has errors`, 'run `shapewright check` to list them')
  return modelFacts(path, analysis)
}
