/** The program, as plain data: the interpreter runs it, the emitter writes it as a script. */
import type { Call, Expression } from '../language/expression.ts'
import type { WeightsOfLayers } from './layerChoices.ts'
import type { LoopOptions } from './lowerOptimizer.ts'
import type { ScriptExperiment } from './lowerScript.ts'

/** A layer at a place in the network: created there, or created elsewhere and applied again. */
export type ProgramLayer = CreatedLayer | AppliedLayer

export interface CreatedLayer extends PlacedLayer {
  /** The call of its tf.layers factory, or of `tf.input` for an input. */
  readonly call: Call
}

export interface AppliedLayer extends PlacedLayer {
  /** The name of the earlier layer that is applied. */
  readonly applies: string
}

interface PlacedLayer {
  readonly name: string
  /** The names of the layers that it is applied to; empty for an input, and if `isUsed` is false. */
  readonly inputs: readonly string[]
  /** The inferred output shape, formatted: `14x14x32`. */
  readonly shape: string
  /** False if only other places apply the layer, and its output at this place is not used. */
  readonly isUsed: boolean
  /** Whether the name comes from the spec. */
  readonly isNamed: boolean
}

export interface Program {
  readonly name: string
  readonly layers: readonly ProgramLayer[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly params: number
  readonly trainableParams: number
  /** The operations of the forward pass for one sample; absent if a size is known only at run time. */
  readonly flops?: number
  /** The training; absent if the spec lacks a dataset, an optimizer or a loss. */
  readonly experiment?: ProgramExperiment
  /** The training in the form for standalone scripts. */
  readonly script?: ScriptExperiment
}

/** The dataset and its augmentations. */
export interface ProgramData {
  readonly dataset: Call
  /** The augmentation of training batches. */
  readonly augment?: Call
}

export interface ProgramExperiment extends ProgramData {
  /** The call of the optimizer, which refers to the variable `learningRate`. */
  readonly optimizer: Call
  readonly learningRate: number
  /** Factors of the learning rate by layer; absent if all are 1. */
  readonly learningRates?: Readonly<Record<string, number>>
  /** A call, or a record of calls by output. */
  readonly loss: Expression
  /** A record by output; absent if all weights are 1. */
  readonly lossWeights?: Expression
  /** A list of calls, or a record of lists by output. */
  readonly metrics: Expression
  readonly training: LoopOptions
  /** The schedule of the learning rate; absent if the rate is constant. */
  readonly schedule?: Call
  /** A list of calls; absent if there are no callbacks. */
  readonly callbacks?: Expression
  /** The trained weights to start from. */
  readonly weights?: WeightsOfLayers
}
