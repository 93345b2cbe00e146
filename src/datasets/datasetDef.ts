/** What a dataset answers for before any of it is read. */
import type { TObject } from 'typebox'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Severity } from '../diagnostics/diagnostic.ts'
import type { Call } from '../layers/expression.ts'
import type { Choice, PartDef, Resolved } from '../layers/schema.ts'

/** What is known of the samples; of a dataset of the user's, what a quick look at its files tells, and nothing where they are not here. */
export interface DatasetFacts {
  readonly sampleShape?: readonly number[]
  readonly classes?: number
  /** In the order of the labels, where they are known. */
  readonly classNames?: readonly string[]
  readonly trainCount?: number
  readonly problems?: readonly DatasetProblem[]
}

/** What is wrong with a dataset. */
export interface DatasetProblem {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly help: string
  /** The option that it is about; the dataset itself where there is none. */
  readonly option?: string
}

export interface DatasetDef<S extends TObject = TObject> extends PartDef<S> {
  /**
   * Takes a few milliseconds at most: `check` asks it of every spec, while it is typed. Reads no more than names of files
   * and headers. Relative paths begin in the working directory, as they do for scripts.
   */
  describe(options: Resolved<S>): DatasetFacts
  /**
   * The call of the reader in `src/runtime`; one of its arguments is the folder that `--data` gives.
   *
   * @param facts What `describe` says of the same options.
   */
  lower(options: Resolved<S>, facts: DatasetFacts): Call
}

export function defineDataset<const S extends TObject>(definition: DatasetDef<S>): DatasetDef {
  return definition as unknown as DatasetDef
}

/** What is known of the dataset that a spec names. */
export function describeDataset({ type, options }: Choice, table: Readonly<Record<string, DatasetDef>>): DatasetFacts {
  return table[type]!.describe(options as never)
}
