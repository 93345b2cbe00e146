/** What a run folder says of its run, read as plain data. */
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Inspection } from '../../backends/inspection/inspection.ts'

/** The names of what a run leaves behind. */
export const runFiles = {
  spec: 'spec.yaml',
  resolved: 'resolved.json',
  environment: 'environment.json',
  metrics: 'metrics.jsonl',
  evaluation: 'evaluation.json',
  inspection: 'inspection.json',
  model: 'model',
  report: 'report.html',
} as const

/** A line of `metrics.jsonl`: `epoch`, `loss`, the metrics, those of the validation with `val_` before, `seconds`. */
export type EpochRecord = Readonly<Record<string, number>>

/** What `environment.json` says; an older run may say less. */
export interface EnvironmentRecord {
  readonly date?: string
  readonly node?: string
  readonly platform?: string
  readonly cpu?: string
  readonly threads?: number
  readonly tfjs?: string
  readonly shapewright?: string
  readonly engine?: { readonly name: string; readonly version?: string; readonly detail?: string }
}

/** The parts of a resolved spec that a run is told by. */
export interface ResolvedRecord {
  /** The file that the spec was read from, in whose folder its paths begin. */
  readonly file?: string
  /** Where the run was told that its data are, in place of what the spec says. */
  readonly data?: string
  readonly name?: string
  readonly dataset?: ChoiceRecord
  readonly optimizer?: ChoiceRecord
  readonly training?: Readonly<Record<string, unknown>>
}

export interface ChoiceRecord {
  readonly type: string
  readonly options?: Readonly<Record<string, unknown>>
}

export interface RunRecord {
  readonly folder: string
  /** That of the spec, or of the folder. */
  readonly name: string
  readonly specText?: string
  readonly resolved?: ResolvedRecord
  readonly environment: EnvironmentRecord
  readonly history: readonly EpochRecord[]
  /** Loss and metrics on the test samples, where training came to its end. */
  readonly test?: Readonly<Record<string, number>>
  readonly inspection?: Inspection
  readonly hasModel: boolean
  /** What the saved model says of a sample's shape. */
  readonly sampleShape?: readonly number[]
}

/** The part of `model.json` that is looked at. */
interface SavedModel {
  readonly userDefinedMetadata?: { readonly preprocessing?: { readonly shape?: readonly number[] } }
}

/** The run in a folder; undefined where it holds none. Files that are missing or damaged are as good as not there. */
export async function readRun(folder: string): Promise<RunRecord | undefined> {
  const at = (name: string) => join(folder, name)
  const [specText, resolved, environment, history, test, inspection, model] = await Promise.all([
    readText(at(runFiles.spec)),
    readJson<ResolvedRecord>(at(runFiles.resolved)),
    readJson<EnvironmentRecord>(at(runFiles.environment)),
    readText(at(runFiles.metrics)),
    readJson<Readonly<Record<string, number>>>(at(runFiles.evaluation)),
    readJson<Inspection>(at(runFiles.inspection)),
    readJson<SavedModel>(join(folder, runFiles.model, 'model.json')),
  ])
  if (environment === undefined && resolved === undefined) return undefined
  const sampleShape = model?.userDefinedMetadata?.preprocessing?.shape
  return {
    folder,
    name: resolved?.name ?? basename(resolve(folder)),
    ...(specText !== undefined && { specText }),
    ...(resolved && { resolved }),
    environment: environment ?? {},
    history: readHistory(history ?? ''),
    ...(test && { test }),
    ...(inspection?.version === 1 && { inspection }),
    hasModel: model !== undefined,
    ...(sampleShape && { sampleShape }),
  }
}

/** One epoch a line; of an epoch that was trained again after a stop, the last counts. A line cut short is left out. */
function readHistory(text: string): EpochRecord[] {
  const epochs = new Map<number, EpochRecord>()
  for (const line of text.split('\n')) {
    const record = parseObject<EpochRecord>(line)
    if (typeof record?.['epoch'] === 'number') epochs.set(record['epoch'], record)
  }
  return [...epochs.values()].toSorted((a, b) => a['epoch']! - b['epoch']!)
}

async function readJson<T extends object>(path: string): Promise<T | undefined> {
  const text = await readText(path)
  return text === undefined ? undefined : parseObject<T>(text)
}

function parseObject<T extends object>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as T) : undefined
  } catch {
    return undefined
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
