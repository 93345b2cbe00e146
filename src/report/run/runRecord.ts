/** What a run folder says of its run, read as plain data. */
import { basename, resolve } from 'node:path'
import type { Inspection } from '../../tasks/inspect/inspection.ts'
import { type JsonFields, parseRecord } from '../../system/parseRecord.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import {
  metadataFields,
  type ModelMetadata,
  openRunFiles,
  readVerified,
  readVerifiedRecord,
} from '../../tasks/train/runFolders.ts'

/** A line of `metrics.jsonl`: `epoch`, `loss`, the metrics, those of the validation with `val_` before, `seconds`. */
export type EpochRecord = Readonly<Record<string, number>>

/** What `environment.json` says; an older run may say less. */
export interface EnvironmentRecord {
  readonly date?: string
  readonly node?: string
  readonly platform?: string
  readonly cpu?: string
  readonly cores?: number
  /** How many threads shared each step; of a run without `cores`, how many the machine can run. */
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
  /** The command that repeats the run. */
  readonly command?: string
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
  /** What the saved model says of its data. */
  readonly metadata?: ModelMetadata
  /** Whether its files could not be verified: a version that wrote no manifest made it. */
  readonly isUnverified?: boolean
}

/** The part of `model.json` that is read. */
interface SavedModel {
  readonly userDefinedMetadata?: Partial<ModelMetadata>
}

/**
 * Reads the run in a folder, or only what is asked of it: `network` leaves out what it came to.
 *
 * @returns Nothing where the folder holds no run.
 * @throws KnownError where a file is missing, or not as the run wrote it.
 */
export async function readRun(folder: string, part: 'all' | 'network' = 'all'): Promise<RunRecord | undefined> {
  const files = await openRunFiles(folder)
  const text = async (name: string) => (await readVerified(files, name))?.toString()
  const json = <T>(name: string, fields: JsonFields) => readVerifiedRecord<T>(files, name, fields)
  const result = async <T>(read: () => Promise<T>) => (part === 'all' ? await read() : undefined)
  const [specText, resolved, environment, history, test, inspection, model] = await Promise.all([
    text(runFiles.spec),
    json<ResolvedRecord>(runFiles.resolved, resolvedFields),
    json<EnvironmentRecord>(runFiles.environment, environmentFields),
    result(() => text(runFiles.metrics)),
    result(() => json<Readonly<Record<string, number>>>(runFiles.evaluation, {})),
    result(() => json<Inspection>(runFiles.inspection, inspectionFields)),
    json<SavedModel>(`${runFiles.model}/${modelFiles.topology}`, { 'userDefinedMetadata?': metadataFields }),
  ])
  if (environment === undefined && resolved === undefined) return undefined
  const metadata = model?.userDefinedMetadata
  const sampleShape = metadata?.preprocessing?.shape
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
    ...(metadata?.preprocessing && { metadata: metadata as ModelMetadata }),
    ...(sampleShape && { sampleShape }),
    ...(files.manifest === undefined && { isUnverified: true }),
  }
}

/** One epoch a line; of an epoch that was trained again after a stop, the last counts. A line cut short is left out. */
function readHistory(text: string): EpochRecord[] {
  const epochs = new Map<number, EpochRecord>()
  for (const line of text.split('\n')) {
    const record = parseRecord<EpochRecord>(line, { epoch: 'number' })
    if (record) epochs.set(record['epoch']!, record)
  }
  return [...epochs.values()].toSorted((a, b) => a['epoch']! - b['epoch']!)
}

const environmentFields: JsonFields = {
  'date?': 'string',
  'node?': 'string',
  'platform?': 'string',
  'cpu?': 'string',
  'cores?': 'number',
  'threads?': 'number',
  'tfjs?': 'string',
  'shapewright?': 'string',
  'engine?': { name: 'string', 'version?': 'string', 'detail?': 'string' },
}

const choiceFields: JsonFields = { type: 'string', 'options?': 'object' }

const resolvedFields: JsonFields = {
  'file?': 'string',
  'data?': 'string',
  'command?': 'string',
  'name?': 'string',
  'dataset?': choiceFields,
  'optimizer?': choiceFields,
  'training?': 'object',
}

const inspectionFields: JsonFields = {
  version: 'number',
  samples: 'number',
  outputs: [{ kind: 'string', output: 'string' }],
  'filters?': { layer: 'string', type: 'string', pictures: ['object'] },
}
