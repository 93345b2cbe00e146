/** How a class of Keras becomes layers of the language. */
import type { Shape } from '../../../language/dims.ts'
import type { JsonObject } from '../readJson.ts'
import type { Dialect } from './kerasModel.ts'
import type { StoredArray } from './storedArray.ts'
import type { LayerOptions, OptionRules, Translation } from './translateOptions.ts'

/** A layer of the language that a layer of Keras becomes. */
export interface Step {
  readonly type: string
  readonly options: LayerOptions
  /** What it takes, if not only the output before it: 1 is that, 2 the one before, back to the input of the first layer. */
  readonly takes?: readonly number[]
  /** Stated for a layer that Keras never trains. */
  readonly trainable?: false
}

export interface LayerTranslation extends Translation {
  /** Translates a layer by its class; undefined if the language has none like it. */
  translateClass(className: string, given: GivenLayer): readonly Step[] | undefined
}

/** The shape of an input that is not known, since an earlier layer was reported. */
export const unknownShape: Shape = []

export interface GivenLayer {
  readonly config: JsonObject
  readonly place: string
  readonly inputs: readonly Shape[]
  readonly translation: LayerTranslation
}

export interface LayerForm extends OptionRules {
  readonly type: string
  /** The libraries in which it computes what the layer of the language does; absent for all of them. */
  readonly dialects?: { readonly only: readonly Dialect[]; readonly otherwise: string }
  /** Changes the config before its options are translated. */
  adapt?(config: JsonObject, given: GivenLayer): JsonObject
  /** Translates the whole layer. */
  convert?(given: GivenLayer, form: LayerForm): Step
  /** The layers that follow it, such as one that restores an axis. */
  after?(given: GivenLayer): readonly Step[]
  /** The arrays of the layer of the language, if they are not those of the file. */
  arrays?(stored: readonly StoredArray[], config: JsonObject): readonly StoredArray[]
}
