/** What a saved network says of a sample that somebody brings: plain data. */

export interface Prediction {
  /** The file, and of a file with several samples the number of the row, from 1; of a table, the line. */
  readonly input: string
  readonly row?: number
  /** In the order of the network. */
  readonly outputs: readonly PredictedOutput[]
}

/** The likeliest classes first; or the values of an output that names none. */
export type PredictedOutput = PredictedClasses | PredictedValues

export interface PredictedClasses {
  readonly output: string
  readonly top: readonly PredictedClass[]
  /** Whether confidences are probabilities; else they are what the output gives. */
  readonly isProbability: boolean
}

export interface PredictedClass {
  readonly class: number
  readonly name: string
  readonly confidence: number
}

export interface PredictedValues {
  readonly output: string
  readonly values: readonly number[]
}

/** What was read, before it is scaled. */
export interface ReadSample {
  readonly input: string
  /** Its number in a file of several, from 1; of a table, its line. */
  readonly row?: number
  readonly numbers: Uint8Array | Int32Array | Float32Array
}

/** A file, or a row of a table, that is no sample of the kind that the network takes. */
export interface UnreadInput {
  readonly input: string
  readonly row?: number
  readonly problem: string
}
