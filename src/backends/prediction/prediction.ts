/** What a saved network says of a sample that somebody brings: plain data. */

export interface Prediction {
  /** The file, and of a file with several samples the number of the row, from 1. */
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

/** A file that is no sample of the kind that the network takes. */
export interface UnreadInput {
  readonly input: string
  readonly problem: string
}
