/** Reads the files of a run folder as plain data. */
import { basename, resolve } from 'node:path'
import type { Inspection } from '../../tasks/inspect/inspection.ts'
import { type EpochRecord, parseHistory } from '../../tasks/train/epochHistory.ts'
import type { JsonFields } from '../../system/parseRecord.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import {
  metadataFields,
  type ModelMetadata,
  openRunFiles,
  readVerified,
  readVerifiedRecord,
} from '../../tasks/train/runFolders.ts'

export type { EpochRecord } from '../../tasks/train/epochHistory.ts'

/** The fields of `environment.json`; older runs may lack some. */
export interface EnvironmentRecord {
  readonly date?: string
  readonly node?: string
  readonly platform?: string
  readonly cpu?: string
  readonly cores?: number
  /** The number of threads that shared each step; in a run without `cores`, the number that the machine can run. */
  readonly threads?: number
  /** How steps ran, on engines that have several ways. */
  readonly step?: string
  readonly tfjs?: string
  /** The file of the trained weights that the run started from. */
  readonly weights?: { readonly from: string; readonly sha256: string }
  readonly shapewright?: string
  readonly engine?: { readonly name: string; readonly version?: string; readonly detail?: string }
}

/** The parts of a resolved spec that reports show. */
export interface ResolvedRecord {
  /** The file of the spec; paths in the spec are relative to its folder. */
  readonly file?: string
  /** The path of the data given on the command line, which overrides the spec. */
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
  /** The name of the spec, or of the folder. */
  readonly name: string
  readonly specText?: string
  readonly resolved?: ResolvedRecord
  readonly environment: EnvironmentRecord
  readonly history: readonly EpochRecord[]
  /** Loss and metrics on the test samples, if training completed. */
  readonly test?: Readonly<Record<string, number>>
  readonly inspection?: Inspection
  readonly hasModel: boolean
  /** The shape of a sample, from the saved model. */
  readonly sampleShape?: readonly number[]
  /** The classes and the preprocessing that the saved model states. */
  readonly metadata?: ModelMetadata
  /** Whether its files could not be verified, because an old version wrote no manifest. */
  readonly isUnverified?: boolean
}

/** The part of `model.json` that is read. */
interface SavedModel {
  readonly userDefinedMetadata?: Partial<ModelMetadata>
}

/**
 * Reads the run in a folder.
 *
 * @param part `network` leaves out the results.
 * @returns Undefined if the folder contains no run.
 * @throws KnownError if a file is missing, or differs from what the run wrote.
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
    history: parseHistory(history ?? ''),
    ...(test && { test }),
    ...(inspection?.version === 1 && { inspection }),
    hasModel: model !== undefined,
    ...(metadata?.preprocessing && { metadata: metadata as ModelMetadata }),
    ...(sampleShape && { sampleShape }),
    ...(files.manifest === undefined && { isUnverified: true }),
  }
}

const environmentFields: JsonFields = {
  'weights?': { from: 'string', sha256: 'string' },
  'date?': 'string',
  'node?': 'string',
  'platform?': 'string',
  'cpu?': 'string',
  'cores?': 'number',
  'threads?': 'number',
  'step?': 'string',
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
