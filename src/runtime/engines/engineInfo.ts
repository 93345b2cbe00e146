/** The engine in use: what executes tensor operations. */
export interface EngineInfo {
  readonly name: 'node' | 'wasm' | 'cpu'
  /** The version of libtensorflow for node, of TensorFlow.js for the others. */
  readonly version: string
  /** A description for users. */
  readonly detail: string
  /** The command that installs a faster engine. */
  readonly faster?: string
}
