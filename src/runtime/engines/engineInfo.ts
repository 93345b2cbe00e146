import type { engineNames } from '../../system/engineNames.ts'

/** The engine in use: what executes tensor operations. */
export interface EngineInfo {
  readonly name: (typeof engineNames)[number]
  /** The version of libtensorflow for node, of TensorFlow.js for the others. */
  readonly version: string
  /** A description for users, with the graphics card and its driver for webgpu. */
  readonly detail: string
  /** Whether webgpu computes on the processor. */
  readonly isSoftware?: boolean
  /** The command that installs a faster engine. */
  readonly faster?: string
}

/** The work that an engine is started for. */
export interface EngineWork {
  /** The operations of a training step; a multiply-add counts as two. */
  readonly stepFlops?: number
}
