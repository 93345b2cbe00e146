import type { SavedArray } from '../../language/savedArrays.ts'

/** An array in a file of weights, and where its numbers are. */
export interface ArrayPlace extends SavedArray {
  /** The bytes of its numbers in `file`. */
  readonly start: number
  readonly length: number
}

/** The formats of trained weights: the model.json of TensorFlow.js with its file of weights, which a run has, and others. */
export type WeightsFormat = 'tfjs' | 'safetensors' | 'keras'

/** The arrays of a file of weights. */
export interface WeightsHeader {
  readonly format: WeightsFormat
  /** The file that contains the numbers. */
  readonly file: string
  readonly arrays: readonly ArrayPlace[]
}
