/** The definition of an augmentation: its options, the check that they fit the samples, and its lowering. */
import type { TObject } from 'typebox'
import type { DatasetFacts } from './datasetDef.ts'
import type { Call } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'

/** Height, width, channels. */
export type ImageShape = readonly [number, number, number]

/** An option, or an augmentation, that does not fit the samples or is unlikely to be intended. */
export interface AugmentationMisfit {
  /** The option at fault; undefined for the augmentation itself. */
  readonly option?: string
  /** `wrong` is certainly a mistake; `odd` may be intended. */
  readonly kind: 'wrong' | 'odd'
  readonly message: string
  readonly help: string
}

export interface AugmentationDef<S extends TObject = TObject> extends PartDef<S> {
  /** Whether it mixes each sample (of any shape) and its label with others of the batch. Otherwise it changes single images. */
  readonly mixes?: boolean
  misfits?(options: Resolved<S>, shape: ImageShape, facts: DatasetFacts): readonly AugmentationMisfit[]
  /** The call of its function in the runtime. */
  lower(options: Given<S>): Call
}

export function defineAugmentation<const S extends TObject>(definition: AugmentationDef<S>): AugmentationDef {
  return eraseGiven(definition)
}
