/** The runs of a folder side by side: what each came to, and what its spec changed against the one before. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { compareModels } from '../diff/compareModels.ts'
import { modelFacts, type ModelFacts } from '../diff/modelFacts.ts'
import { summarizeChanges } from '../diff/renderDiff.ts'
import { formatDate, formatMetric, formatSeconds, tellMetric } from './numbers.ts'
import { readRun, type RunRecord } from './runRecord.ts'
import { analyzeRun } from './analyzeRun.ts'
import { RunFolderError } from '../../backends/runFiles.ts'

export interface RunRow {
  readonly folder: string
  readonly name: string
  readonly date?: string
  readonly engine?: string
  readonly epochs: number
  /** Those that were asked for. */
  readonly plannedEpochs?: number
  /** The figure that tells the run's worth best: of the test samples, else of the best epoch. */
  readonly best?: BestFigure
  readonly seconds: number
  /** Against the run of the same name before; undefined where there is none. */
  readonly changes?: string
}

export interface BestFigure {
  /** `test accuracy`, `validation loss` */
  readonly metric: string
  readonly value: number
  /** Whether more is better. */
  readonly upwards: boolean
}

/**
 * A folder's runs in the order of their dates.
 *
 * @param onDamaged Is given the error of each run that is left out, because a file of it is damaged.
 */
export async function listRuns(folder: string, onDamaged: (error: RunFolderError) => void): Promise<RunRow[]> {
  const names = await readdir(folder, { withFileTypes: true })
  const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const read = await Promise.all(
    folders.map((path) =>
      readRun(path).catch((error: unknown) => {
        if (!(error instanceof RunFolderError)) throw error
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

/** Undefined for a run without a spec that can be read. */
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
  const best = bestFigure(run)
  return {
    folder,
    name,
    ...(environment.date !== undefined && { date: environment.date }),
    ...(environment.engine && { engine: environment.engine.name }),
    epochs: history.length,
    ...(typeof planned === 'number' && { plannedEpochs: planned }),
    ...(best && { best }),
    seconds: history.reduce((total, epoch) => total + (epoch['seconds'] ?? 0), 0),
  }
}

/** An accuracy rather than a loss, of the test rather than of the validation, and that rather than of training. */
function bestFigure({ test, history }: RunRecord): BestFigure | undefined {
  const sources = [
    { label: 'test', records: test ? [test] : [], prefix: '' },
    { label: 'validation', records: history, prefix: 'val_' },
    { label: 'training', records: history, prefix: '' },
  ]
  for (const { label, records, prefix } of sources) {
    const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].filter((key) => key.startsWith(prefix))
    const key = keys.find((one) => /accuracy$/i.test(one)) ?? keys.find((one) => one === `${prefix}loss`)
    if (key === undefined) continue
    const values = records.flatMap((record) => (Number.isFinite(record[key]) ? [record[key]!] : []))
    const upwards = /accuracy$/i.test(key)
    if (values.length === 0) continue
    const metric = `${label} ${tellMetric(key.slice(prefix.length))}`
    return { metric, upwards, value: upwards ? Math.max(...values) : Math.min(...values) }
  }
  return undefined
}

function dateOf({ environment }: RunRecord): string {
  return environment.date ?? ''
}

export type RunOrder = 'date' | 'name' | 'best' | 'time'

/** `best` puts the best of each figure first, and runs without one last; the others go upwards. */
export function sortRuns(rows: readonly RunRow[], order: RunOrder): RunRow[] {
  const compare: Record<RunOrder, (a: RunRow, b: RunRow) => number> = {
    date: (a, b) => (a.date ?? '').localeCompare(b.date ?? ''),
    name: (a, b) => a.name.localeCompare(b.name) || a.folder.localeCompare(b.folder),
    best: (a, b) =>
      Number(a.best === undefined) - Number(b.best === undefined) ||
      (a.best?.metric ?? '').localeCompare(b.best?.metric ?? '') ||
      worth(b) - worth(a),
    time: (a, b) => a.seconds - b.seconds,
  }
  return rows.toSorted(compare[order])
}

function worth({ best }: RunRow): number {
  if (best === undefined) return -Infinity
  return best.upwards ? best.value : -best.value
}

export function renderRuns(rows: readonly RunRow[]): string {
  const table = new Table({
    head: ['Run', 'Date', 'Engine', 'Epochs', 'Best', 'Time', 'Changes'],
    colAligns: ['left', 'left', 'left', 'right', 'left', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const { folder, date, engine, epochs, plannedEpochs, best, seconds, changes } of rows) {
    table.push([
      folder,
      date === undefined ? '' : formatDate(date).replace(/ UTC$/, ''),
      engine ?? '',
      plannedEpochs === undefined ? String(epochs) : `${epochs}/${plannedEpochs}`,
      best === undefined ? '' : `${formatMetric(best.metric, best.value)} ${best.metric}`,
      seconds > 0 ? formatSeconds(seconds) : '',
      changes ?? '',
    ])
  }
  return `${table.toString()}\n`
}
