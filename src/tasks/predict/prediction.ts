/** The predictions of a saved network for new samples, as plain data. */

export interface Prediction {
  /** The path of the file. */
  readonly input: string
  /** The number of the row from 1, in a file of several samples; the line, in a table. */
  readonly row?: number
  /** The outputs in the order of the network. */
  readonly outputs: readonly PredictedOutput[]
}

/** The most likely classes, or the values of an output that does not predict classes. */
export type PredictedOutput = PredictedClasses | PredictedValues

export interface PredictedClasses {
  readonly output: string
  readonly top: readonly PredictedClass[]
  /** Whether confidences are probabilities; otherwise they are the plain outputs. */
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

/** A sample that was read, before scaling. */
export interface ReadSample {
  readonly input: string
  /** Its number from 1, in a file of several samples; its line, in a table. */
  readonly row?: number
  readonly numbers: Uint8Array | Int32Array | Float32Array
}

/** A file, or a row of a table, that is not a valid input of the network. */
export interface UnreadInput {
  readonly input: string
  readonly row?: number
  readonly problem: string
}
