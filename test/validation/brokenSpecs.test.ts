/** Every row of the tables in `brokenSpecs/`: one mistake, one message, on the line where it was made, and its fix. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { applyEdits, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { LineIndex } from '../../src/diagnostics/positions.ts'
import { readBrokenSpec, type BrokenSpec } from './brokenSpecs/brokenSpec.ts'
import { blockRows } from './brokenSpecs/blocks.ts'
import { budgetRows } from './brokenSpecs/budgets.ts'
import { callRows } from './brokenSpecs/calls.ts'
import { callbackRows } from './brokenSpecs/callbacks.ts'
import { dataRows } from './brokenSpecs/data.ts'
import { datasetRows } from './brokenSpecs/datasets.ts'
import { foreignWordRows } from './brokenSpecs/foreignWords.ts'
import { meaningRows } from './brokenSpecs/meaning.ts'
import { graphRows } from './brokenSpecs/graphs.ts'
import { networkRows } from './brokenSpecs/networks.ts'
import { outputRows } from './brokenSpecs/outputs.ts'
import { referenceRows } from './brokenSpecs/references.ts'
import { structureRows } from './brokenSpecs/structure.ts'
import { sweepRows } from './brokenSpecs/sweeps.ts'
import { syntaxRows } from './brokenSpecs/syntax.ts'
import { trainingRows } from './brokenSpecs/training.ts'
import { valueRows } from './brokenSpecs/values.ts'
import { yamlRows } from './brokenSpecs/yamlText.ts'
import { scheduleRows } from './brokenSpecs/schedules.ts'

const tables = {
  'foreign and misspelt words': foreignWordRows,
  'values and names': valueRows,
  'missing keys and structure': structureRows,
  'the text and its anchors': yamlRows,
  'texts that are not YAML': syntaxRows,
  'variables and expressions': referenceRows,
  'calls of blocks': callRows,
  'blocks and repeats': blockRows,
  sweeps: sweepRows,
  'several outputs': outputRows,
  'what a network is for': meaningRows,
  'what a network costs': budgetRows,
  'datasets and their labels': datasetRows,
  'the graph': graphRows,
  'shapes and meaning': networkRows,
  'losses, metrics and learning rates': trainingRows,
  callbacks: callbackRows,
  schedules: scheduleRows,
  'what is made of samples': dataRows,
}

const isProblem = ({ severity }: Diagnostic) => severity !== 'hint'

function checkRow(row: BrokenSpec): void {
  const { text, mistakes } = readBrokenSpec(row)
  expect(mistakes).toHaveLength(1)
  const problems = checkText(text, 'spec.yaml', { trials: true }).diagnostics.filter(isProblem)
  const lines = new LineIndex(text)
  const found = problems.map(({ code, span }) => ({ code, line: lines.position(span.start).line }))
  expect(found, problems.map(({ message }) => message).join('\n')).toEqual(mistakes)
  const { fixes } = problems[0]!
  const mended = fixes.map(({ edits }) => applyEdits(text, edits))
  for (const one of mended)
    expect(checkText(one, 'spec.yaml', { trials: true }).diagnostics.filter(isProblem)).toEqual([])
  if (row.fixed === undefined) expect(fixes.map(({ title }) => title)).toEqual([])
  else expect(mended[0] ?? 'no fix is offered').toContain(row.fixed)
}

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  it.each(rows.map((row) => [row.title, row] as const))('%s', (_title, row) => checkRow(row))
})

it('holds enough rows, each title once', () => {
  const titles = Object.values(tables).flatMap((rows) => rows.map(({ title }) => title))
  expect(titles.length).toBeGreaterThan(150)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
})
