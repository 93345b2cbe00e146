/** The plain-data program that both back ends consume: the interpreter runs it, the emitter writes it as a script. */
import type { Call, Expression } from '../language/expression.ts'
import type { LoopOptions } from './lowerOptimizer.ts'
import type { ScriptExperiment } from './lowerScript.ts'

/** A layer in its place: made there, or made for another place and applied once more. */
export type ProgramLayer = MadeLayer | AppliedLayer

export interface MadeLayer extends PlacedLayer {
  /** The call of its tf.layers factory; of `tf.input` for an input. */
  readonly call: Call
}

export interface AppliedLayer extends PlacedLayer {
  /** The name of the layer that is applied; it stands before. */
  readonly applies: string
}

interface PlacedLayer {
  readonly name: string
  /** The names of the layers that it is applied to; none for an input, nor where it is not used in its place. */
  readonly inputs: readonly string[]
  /** The proven output shape, as people read it: `14x14x32`. */
  readonly shape: string
  /** False where only the layer is used, by another that applies it, and not what it gives in its place. */
  readonly isUsed: boolean
  /** Whether the spec gives the name. */
  readonly isNamed: boolean
}

export interface Program {
  readonly name: string
  readonly layers: readonly ProgramLayer[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly params: number
  readonly trainableParams: number
  /** What training needs; absent where the spec says nothing of it. */
  readonly experiment?: ProgramExperiment
  /** The same for standalone scripts. */
  readonly script?: ScriptExperiment
}

/** The data, and what is made of them. */
export interface ProgramData {
  readonly dataset: Call
  /** What changes training batches. */
  readonly augment?: Call
}

export interface ProgramExperiment extends ProgramData {
  /** Takes its learning rate from where it stands. */
  readonly optimizer: Call
  readonly learningRate: number
  /** A call, or of several outputs a record of them. */
  readonly loss: Expression
  /** A record; absent where all weights are 1. */
  readonly lossWeights?: Expression
  /** A list of calls, or of several outputs a record of them. */
  readonly metrics: Expression
  readonly training: LoopOptions
  /** How the learning rate changes; absent where it does not. */
  readonly schedule?: Call
  /** A list of calls; absent where there are none. */
  readonly callbacks?: Expression
}
