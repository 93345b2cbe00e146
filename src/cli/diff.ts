/** Implements `shapewright diff`: compares the models of two specs or runs. Exits with 1 if they differ, as diff does. */
import { statSync } from 'node:fs'
import { KnownError } from '../system/knownError.ts'
import { compareModels } from '../report/diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../report/diff/modelFacts.ts'
import { renderDiff } from '../report/diff/renderDiff.ts'
import { factsOfRun } from '../report/run/runsTable.ts'
import type { diff } from './commands/diff.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { openRun } from './openRun.ts'

type DiffOptions = OptionsOf<typeof diff>

export async function diffCommand(before: string, after: string, { format }: DiffOptions): Promise<number> {
  const [old, fresh] = [await readFacts(before), await readFacts(after)]
  const comparison = compareModels(old, fresh)
  if (format === 'json') process.stdout.write(`${JSON.stringify({ version: 1, ...comparison }, null, 2)}\n`)
  else process.stdout.write(renderDiff(comparison, paletteFor(process.stdout)))
  return comparison.differs ? exitCodes.problems : exitCodes.fine
}

/** @throws KnownError if there is no spec to compare, or it has errors: exit code 1 would mean that the models differ. */
async function readFacts(path: string): Promise<ModelFacts> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    const facts = factsOfRun(await openRun(path))
    if (facts) return facts
    throw new KnownError(
      'usage',
      `${path} has no spec to compare`,
      'compiled scripts do not save their spec: pass the spec itself',
    )
  }
  const analysis = checkedSpec(path, { quiet: true })
  if (analysis === undefined)
    throw new KnownError('usage', `${path} has errors`, 'run `shapewright check` to list them')
  return modelFacts(path, analysis)
}
