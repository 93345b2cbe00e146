/** What an augmentation answers for: its options, whether they fit the samples, and the call that makes it. */
import type { TObject } from 'typebox'
import type { DatasetFacts } from './datasetDef.ts'
import type { Call } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'

/** Height, width, channels. */
export type ImageShape = readonly [number, number, number]

/** What does not fit the samples, or hardly can be meant of them. */
export interface AugmentationMisfit {
  /** What it is about; the augmentation itself where there is none. */
  readonly option?: string
  /** Whether it is surely a mistake, or one that may be meant. */
  readonly kind: 'wrong' | 'odd'
  readonly message: string
  readonly help: string
}

export interface AugmentationDef<S extends TObject = TObject> extends PartDef<S> {
  /** Whether it changes samples, of any shape, by others of their batch, and labels with them; else single images. */
  readonly mixes?: boolean
  misfits?(options: Resolved<S>, shape: ImageShape, facts: DatasetFacts): readonly AugmentationMisfit[]
  /** The call of its function of the runtime. */
  lower(options: Given<S>): Call
}

export function defineAugmentation<const S extends TObject>(definition: AugmentationDef<S>): AugmentationDef {
  return eraseGiven(definition)
}
