/** How parts are written in compiled scripts: each form is an optional member of their definition, beside `lower`. */
import type { Call, Expression, Reference } from './expression.ts'
import { tfCall } from './lowerOptions.ts'

/** An activation that makes probabilities of logits. */
export type ProbabilityActivation = 'softmax' | 'sigmoid'

/** Whether they are made of all units together: of a single one nothing comes. */
export const acrossUnits: Readonly<Record<ProbabilityActivation, boolean>> = { softmax: true, sigmoid: false }

/** An output of the network, as its loss and its metrics see it in a script. */
export interface ScriptOutput {
  /** int32 [batch] classes, float32 [batch] values, or float32 rows with the part of each class. */
  readonly labels: Expression
  /** The labels in the shape of the predictions. */
  readonly targets: Expression
  /** What the network gives: logits where `logits` is stated. */
  readonly predictions: Expression
  /** The activation that makes probabilities of the predictions. */
  readonly logits?: ProbabilityActivation
  /** The length of the predictions' last axis. */
  readonly units: number
  /** Whether labels are rows of the predictions' shape. */
  readonly hasRows: boolean
}

/** A value of a batch: a tensor with one number for each sample or entry, of which the mean is taken; or that mean. */
export interface ScriptValue {
  readonly value: Expression
  readonly isMean: boolean
}

/** What a batch counts, which is added up over all batches, and the value that is made of the sums in the end. */
export interface ScriptCounts {
  /** A list of scalars. */
  readonly counts: Call
  /** The function that makes of the numbers of a batch what is added up; the numbers themselves by default. */
  readonly sums?: Reference
  /** The function that makes the value of the sums. */
  readonly result: Reference
}

export interface ScriptLoss<Options, Given> {
  /** The activations of whose logits it has a form of its own, which is exact where probabilities come near 0 or 1. */
  ofLogits?(options: Options): readonly ProbabilityActivation[]
  /**
   * @param options Those that are not the default.
   * @param isWeighted Whether samples do not count the same, so that there must be a number for each.
   */
  script?(options: Given, output: ScriptOutput, isWeighted: boolean): ScriptValue
}

export interface ScriptMetric<Given> {
  /** Whether it takes logits as well as probabilities. */
  readonly takesLogits?: boolean
  /** @param options Those that are not the default. */
  script?(options: Given, output: ScriptOutput): ScriptValue | ScriptCounts
}

/** A call that gives the mean over the batch. */
export function meanOf(value: Call): ScriptValue {
  return { value, isMean: true }
}

/** A call that gives a number for each sample or entry. */
export function eachOf(value: Call): ScriptValue {
  return { value, isMean: false }
}

/** Labels as float32, for formulas that no other dtype can take. */
export function asFloats(labels: Expression): Expression {
  return tfCall('cast', labels, 'float32')
}

/**
 * What a callback adds to the training loop of a script. Lines are of names that the loop or the fields here declare; what a
 * spec states is only in expressions.
 */
export interface ScriptedCallback {
  /** Constants of `train`, by their names. */
  readonly constants?: Readonly<Record<string, Expression>>
  /** Fields of the trainer. */
  readonly trainer?: Readonly<Record<string, Expression>>
  /** What the learning rate is multiplied by, of fields of the trainer. */
  readonly rateFactor?: string
  readonly beforeTraining?: string
  readonly afterStep?: string
  /** When `logs` of an epoch are complete. */
  readonly afterEpoch?: string
  /** After they are reported; `nextRate` is the learning rate of the next step. */
  readonly nextEpoch?: string
  /** After all of that: may `break`. */
  readonly stop?: string
  readonly afterTraining?: string
}
