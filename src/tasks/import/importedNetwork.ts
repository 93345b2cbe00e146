/**
 * A network that was read from a file of another framework, in the terms of the language: what the readers of the formats
 * produce, and what the spec is printed from.
 */

export interface ImportedNetwork {
  readonly name: string
  /** Inputs are layers of the type `input`. Each layer comes after its inputs, and after the layer that it applies again. */
  readonly layers: readonly ImportedLayer[]
  /** The names of the layers whose outputs are those of the network. */
  readonly outputs: readonly string[]
  /** The arrays of each layer that has weights, by its name, in the order and the form of the layer in the language. */
  readonly weights: ReadonlyMap<string, readonly ImportedWeight[]>
}

export interface ImportedLayer {
  /** A name that the language accepts, and that no other layer has. */
  readonly name: string
  /** A layer of the language, such as `conv2d`, or `apply`. */
  readonly type: string
  /** Options in the terms of the language. Those that equal the default are left out. */
  readonly options: Readonly<Record<string, unknown>>
  /** The names of the layers that it takes, in their order. */
  readonly inputs: readonly string[]
  /** The name of the earlier layer whose weights this one shares; its type is then `apply`. */
  readonly applies?: string
  readonly trainable?: boolean
}

export interface ImportedWeight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Something in the file that cannot be said in the language. */
export interface ImportProblem {
  /** Where it is, such as `layers[3] (conv_1): activation`. */
  readonly place: string
  readonly message: string
  readonly help?: string
}

/** What the reader of a format returns. */
export interface ReadNetwork {
  readonly network: ImportedNetwork
  /** What the language cannot express; the network is then not complete. */
  readonly problems: readonly ImportProblem[]
  /** What the network lacks of the file although it computes the same. */
  readonly remarks?: readonly string[]
}
