/** An array of a file, whose values are read on demand. */
export interface StoredArray {
  /** Its name in the file. */
  readonly name: string
  readonly shape: readonly number[]
  read(): Float32Array
}
