/** Compares the runs of a folder: their results, and the changes of each spec since the previous run. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { KnownError, isKnownError } from '../../system/knownError.ts'
import { compareModels } from '../diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../diff/modelFacts.ts'
import { summarizeChanges } from '../diff/renderDiff.ts'
import { countOf } from '../../diagnostics/formatCount.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { formatDate, formatMetric, formatSeconds, metricLabel } from './numbers.ts'
import { readRun, type RunRecord } from './runRecord.ts'
import { analyzeRun } from './analyzeRun.ts'

export interface RunRow {
  readonly folder: string
  readonly name: string
  readonly date?: string
  readonly engine?: string
  /** The number of trained epochs; for a sweep, of all trials. */
  readonly epochs: number
  /** For a sweep, the number of trials in each state that occurs. */
  readonly trials?: Readonly<Record<string, number>>
  /** The number of epochs that the spec or the command line asks for. */
  readonly plannedEpochs?: number
  /** The figure by which runs are compared: of the validation, at its best epoch; without validation, of the test samples or of training. */
  readonly best?: BestFigure
  /** The figure on the test samples, for the run that is chosen in the end. */
  readonly test?: BestFigure
  readonly seconds: number
  /** The changes since the previous run of the same name, undefined for the first; for a trial, its values. */
  readonly changes?: string
}

export interface BestFigure {
  /** For example `test accuracy` or `validation loss`. */
  readonly metric: string
  readonly value: number
  /** Whether higher values are better. */
  readonly upwards: boolean
}

/**
 * Lists the runs of a folder by date.
 *
 * @param onDamaged Called with the error of each run that is left out because one of its files is damaged.
 */
export async function listRuns(folder: string, onDamaged: (error: KnownError) => void): Promise<RunRow[]> {
  const names = await readdir(folder, { withFileTypes: true })
  const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const read = await Promise.all(
    folders.map((path) =>
      readRun(path).catch((error: unknown) => {
        if (!isKnownError(error, 'run')) throw error
        onDamaged(error)
        return undefined
      }),
    ),
  )
  const runs = read.filter((run) => run !== undefined).toSorted((a, b) => dateOf(a).localeCompare(dateOf(b)))
  const last = new Map<string, ModelFacts>()
  return runs.map((run) => {
    const facts = factsOfRun(run)
    const before = last.get(run.name)
    if (facts) last.set(run.name, facts)
    const comparison = before && facts && compareModels(before, facts)
    return {
      ...rowOf(run),
      ...(comparison && { changes: comparison.differs ? summarizeChanges(comparison) : 'nothing' }),
    }
  })
}

/** Returns undefined for a run without a readable spec. */
export function factsOfRun(run: RunRecord): ModelFacts | undefined {
  const analysis = analyzeRun(run)
  if (analysis === undefined) return undefined
  const last = run.history.at(-1) ?? {}
  const measured = Object.entries(last).filter(
    ([key]) => key !== 'epoch' && key !== 'seconds' && key !== 'imagesPerSecond',
  )
  const ofTest = Object.entries(run.test ?? {}).map(([key, value]) => [`test ${key}`, value] as const)
  const results = Object.fromEntries([...ofTest, ...measured])
  return modelFacts(run.folder, analysis, run.resolved ?? analysis.spec, results)
}

function rowOf(run: RunRecord): RunRow {
  const { folder, name, environment, history, resolved } = run
  const planned = resolved?.training?.['epochs']
  const [best, test] = [figureToCompareBy(run), testFigure(run)]
  return {
    folder,
    name,
    ...(environment.date !== undefined && { date: environment.date }),
    ...(environment.engine && { engine: environment.engine.name }),
    epochs: history.length,
    ...(typeof planned === 'number' && { plannedEpochs: planned }),
    ...(best && { best }),
    ...(test && { test }),
    seconds: history.reduce((total, epoch) => total + (epoch['seconds'] ?? 0), 0),
  }
}

/** Returns the best figure of the validation, if there is one. Choosing a run by its test samples would bias their estimate for new samples. */
function figureToCompareBy(run: RunRecord): BestFigure | undefined {
  const { history } = run
  return bestOf('validation', history, 'val_') ?? testFigure(run) ?? bestOf('training', history, '')
}

function testFigure({ test }: RunRecord): BestFigure | undefined {
  return test && bestOf('test', [test], '')
}

/** Returns the best value of an accuracy, or else of the loss. */
function bestOf(
  label: string,
  records: readonly Readonly<Record<string, number>>[],
  prefix: string,
): BestFigure | undefined {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].filter((key) => key.startsWith(prefix))
  const key = keys.find((one) => /accuracy$/i.test(one)) ?? keys.find((one) => one === `${prefix}loss`)
  if (key === undefined) return undefined
  const values = records.flatMap((record) => (Number.isFinite(record[key]) ? [record[key]!] : []))
  if (values.length === 0) return undefined
  const upwards = /accuracy$/i.test(key)
  const metric = `${label} ${metricLabel(key.slice(prefix.length))}`
  return { metric, upwards, value: upwards ? Math.max(...values) : Math.min(...values) }
}

/**
 * Warns if runs are compared by their test samples: several runs of one name, or all runs if they are sorted by `best`.
 *
 * @returns The warning and its fix, or undefined.
 */
export function warnOfTestSelection(
  rows: readonly RunRow[],
  order: RunOrder,
): { readonly message: string; readonly help: string } | undefined {
  const byTest = rows.filter(({ best }) => best?.metric.startsWith('test ') === true)
  const counts = new Map<string, number>()
  for (const { name } of byTest) counts.set(name, (counts.get(name) ?? 0) + 1)
  const compared = order === 'best' && byTest.length > 1 ? byTest : byTest.filter(({ name }) => counts.get(name)! > 1)
  if (compared.length === 0) return undefined
  return {
    message: `${compared.length} runs have no validation samples and are compared by their test results, so the result of the best one is optimistic`,
    help: 'hold out validation samples, for example with `training: { validationSplit: 0.1 }`, and use the test samples only for the final run',
  }
}

function dateOf({ environment }: RunRecord): string {
  return environment.date ?? ''
}

export type RunOrder = 'date' | 'name' | 'best' | 'time'

/** Sorts runs: `best` puts the best of each figure first, validation figures before others, and runs without a figure last; other orders are ascending. */
export function sortRuns(rows: readonly RunRow[], order: RunOrder): RunRow[] {
  const compare: Record<RunOrder, (a: RunRow, b: RunRow) => number> = {
    date: (a, b) => (a.date ?? '').localeCompare(b.date ?? ''),
    name: (a, b) => a.name.localeCompare(b.name) || a.folder.localeCompare(b.folder),
    best: (a, b) =>
      Number(a.best === undefined) - Number(b.best === undefined) ||
      rankOf(a) - rankOf(b) ||
      (a.best?.metric ?? '').localeCompare(b.best?.metric ?? '') ||
      worth(b) - worth(a),
    time: (a, b) => a.seconds - b.seconds,
  }
  return rows.toSorted(compare[order])
}

/** Ranks validation figures first and training figures last. */
function rankOf({ best }: RunRow): number {
  return ['validation ', 'test ', 'training '].findIndex((source) => best?.metric.startsWith(source))
}

function worth({ best }: RunRow): number {
  if (best === undefined) return -Infinity
  return best.upwards ? best.value : -best.value
}

export function renderRuns(rows: readonly RunRow[]): string {
  const table = new Table({
    head: ['Run', 'Date', 'Engine', 'Epochs', 'Best', 'Test', 'Time', 'Changes'],
    colAligns: ['left', 'left', 'left', 'right', 'left', 'left', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    const { folder, date, engine, best, test, seconds, changes } = row
    const cells = [
      folder,
      date === undefined ? '' : formatDate(date).replace(/ UTC$/, ''),
      engine ?? '',
      progressOf(row),
      formatFigure(best),
      test?.metric === best?.metric ? '' : formatFigure(test),
      seconds > 0 ? formatSeconds(seconds) : '',
      changes ?? '',
    ]
    table.push(cells.map(escapeInLine))
  }
  return `${table.toString()}\n`
}

function progressOf({ epochs, plannedEpochs, trials }: RunRow): string {
  if (trials === undefined) return plannedEpochs === undefined ? String(epochs) : `${epochs}/${plannedEpochs}`
  const all = Object.values(trials).reduce((total, count) => total + count, 0)
  return `${trials['done'] ?? 0}/${countOf(all, 'trial')}`
}

function formatFigure(figure: BestFigure | undefined): string {
  return figure === undefined ? '' : `${formatMetric(figure.metric, figure.value)} ${figure.metric}`
}
