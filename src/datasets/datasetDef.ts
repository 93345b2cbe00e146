/** What a dataset answers for before any of it is read. */
import type { TObject } from 'typebox'
import type { Call } from '../layers/expression.ts'
import type { PartDef, Resolved } from '../layers/schema.ts'

export interface DatasetDef<S extends TObject = TObject> extends PartDef<S> {
  readonly sampleShape: readonly number[]
  readonly classes: number
  readonly trainCount: number
  readonly testCount: number
  /** The call of the reader in `src/runtime`; its argument is the folder that `--data` gives. */
  lower(options: Resolved<S>): Call
}

export function defineDataset<const S extends TObject>(definition: DatasetDef<S>): DatasetDef {
  return definition as unknown as DatasetDef
}
