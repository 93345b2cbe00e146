/** The part of TensorFlow.js that computes. */
export interface EngineInfo {
  readonly name: 'node' | 'wasm' | 'cpu'
  /** Of what computes: libtensorflow for node, TensorFlow.js for the others. */
  readonly version: string
  /** What it is, for people. */
  readonly detail: string
  /** The command that would make a faster engine work. */
  readonly faster?: string
}
