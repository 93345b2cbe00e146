/** What a dataset answers for before any of it is read. */
import { statSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Severity } from '../diagnostics/diagnostic.ts'
import { call, reference, type Call } from './expression.ts'
import type { publishedPath } from './datasetFields.ts'
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

/** How far a look at files goes. */
export interface LookDepth {
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

export interface DatasetDef<S extends TObject = TObject> extends PartDef<S> {
  /** The options that are paths; by default `path`. */
  readonly paths?: readonly string[]
  /** Whether these are files, so that the command line may name the folder that they are in. */
  readonly isFile?: boolean
  /**
   * Takes a few milliseconds at most: `check` asks it of every spec, while it is typed. Reads no more than names of files
   * and headers. Relative paths begin in the working directory, whatever the spec says: `readSpec` has seen to that.
   */
  describe(options: Resolved<S>, depth: LookDepth): DatasetFacts
  /**
   * The call of the reader in `src/runtime`; one of its arguments is the folder that `--data` gives.
   *
   * @param facts What `describe` says of the same options.
   */
  lower(options: Resolved<S>, facts: DatasetFacts): Call
}

export function defineDataset<const S extends TObject>(definition: DatasetDef<S>): DatasetDef {
  return erase(definition)
}

/** A dataset that is published, so that all is known of it, and that its loader finds without being told where. */
export function definePublishedDataset<const S extends TObject<{ path: typeof publishedPath }>>(
  loader: string,
  { schema, facts }: { readonly schema: S; readonly facts: DatasetFacts },
): DatasetDef {
  return defineDataset({
    schema,
    describe: () => facts,
    lower: ({ path }: { readonly path?: string | undefined }) =>
      call(loader, reference('folder'), ...(path === undefined ? [] : [path])),
  } as DatasetDef<S>)
}

/**
 * A dataset as its options say, with paths that begin in the working directory: as `describe`, programs and scripts take
 * them.
 *
 * @param folder That of the spec, where its relative paths begin.
 * @param data What the command line says in place of `path`.
 */
export function locateDataset(
  { type, options }: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  folder: string,
  data: string | undefined,
): Choice {
  const paths = lookUp(table, type).paths ?? ['path']
  const located = paths.flatMap((option) => {
    const stated = options[option]
    return typeof stated === 'string' ? [[option, isAbsolute(stated) ? stated : join(folder, stated)]] : []
  })
  const stated = { ...options, ...Object.fromEntries(located) }
  return {
    type,
    options: data === undefined ? stated : { ...stated, ...replacePaths(lookUp(table, type), stated, data) },
  }
}

/** As the reader does: a file or a folder in place of `path`, or a folder for all files. */
function replacePaths(
  { paths = ['path'], isFile = false, schema }: DatasetDef,
  options: Choice['options'],
  data: string,
): Choice['options'] {
  if (isFile && statSync(data, { throwIfNoEntry: false })?.isDirectory() === true) {
    const stated = paths.filter((option) => typeof options[option] === 'string')
    return Object.fromEntries(stated.map((option) => [option, join(data, basename(options[option] as string))]))
  }
  return 'path' in schema.properties ? { path: data } : {}
}

/** How a dataset is looked at. */
export interface DatasetLook {
  /** Where it is, in place of what the spec says. */
  readonly data?: string | undefined
  /** In place of `describeDataset`. */
  readonly describe?: typeof describeDataset
}

/** As `describeDataset`, but looks once at what is asked again: a check proves each of its fixes by another. */
export function rememberFacts(depth?: LookDepth): typeof describeDataset {
  const known = new Map<string, DatasetFacts>()
  return (choice, table) => {
    const key = JSON.stringify(choice)
    const facts = known.get(key) ?? describeDataset(choice, table, depth)
    known.set(key, facts)
    return facts
  }
}

/** What is known of the dataset that a spec names. */
export function describeDataset(
  { type, options }: Choice,
  table: Readonly<Record<string, DatasetDef>>,
  depth: LookDepth = { isWhole: false },
): DatasetFacts {
  return lookUp(table, type).describe(options, depth)
}
