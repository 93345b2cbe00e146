/** The forms of parts in compiled scripts: optional members of their definitions, in addition to `lower`. */
import type { Call, Expression, Reference } from './expression.ts'
import { tfCall } from './lowerOptions.ts'

/** An activation that turns logits into probabilities. */
export type ProbabilityActivation = 'softmax' | 'sigmoid'

/** Whether the activation normalizes across units, so that it is meaningless for a single unit. */
export const acrossUnits: Readonly<Record<ProbabilityActivation, boolean>> = { softmax: true, sigmoid: false }

/** An output of the network, as passed to its loss and its metrics in a script. */
export interface ScriptOutput {
  /** Classes (int32 [batch]), values (float32 [batch]), or rows with the share of each class (float32). */
  readonly labels: Expression
  /** The labels in the shape of the predictions. */
  readonly targets: Expression
  /** The output of the network: logits if `logits` is set. */
  readonly predictions: Expression
  /** The activation that turns the predictions into probabilities. */
  readonly logits?: ProbabilityActivation
  /** The length of the predictions' last axis. */
  readonly units: number
  /** Whether labels are rows of the predictions' shape. */
  readonly hasRows: boolean
}

/** The value of a loss or metric for a batch: a tensor with one number per sample or entry, or the mean of these. */
export interface ScriptValue {
  readonly value: Expression
  readonly isMean: boolean
}

/** Counts of a batch that are added up over all batches, and the function that computes the metric from the sums. */
export interface ScriptCounts {
  /** A list of scalars. */
  readonly counts: Call
  /** The function that converts the counts of a batch to the numbers that are added up; by default they are used as they are. */
  readonly sums?: Reference
  /** The function that computes the value from the sums. */
  readonly result: Reference
}

export interface ScriptLoss<Options, Given> {
  /** The activations for which it has a form that takes logits, which stays exact for probabilities near 0 or 1. */
  ofLogits?(options: Options): readonly ProbabilityActivation[]
  /**
   * @param options The options that differ from their defaults.
   * @param isWeighted Whether samples have weights, so that one number per sample is needed.
   */
  script?(options: Given, output: ScriptOutput, isWeighted: boolean): ScriptValue
}

export interface ScriptMetric<Given> {
  /** Whether it accepts logits as well as probabilities. */
  readonly takesLogits?: boolean
  /** @param options The options that differ from their defaults. */
  script?(options: Given, output: ScriptOutput): ScriptValue | ScriptCounts
}

/** Wraps a call that returns the mean over the batch. */
export function meanOf(value: Call): ScriptValue {
  return { value, isMean: true }
}

/** Wraps a call that returns one number per sample or entry. */
export function eachOf(value: Call): ScriptValue {
  return { value, isMean: false }
}

/** Casts labels to float32, for formulas that accept no other dtype. */
export function asFloats(labels: Expression): Expression {
  return tfCall('cast', labels, 'float32')
}

/**
 * The code that a callback adds to the training loop of a script. Statements only use names that the loop or the fields here
 * declare; values of the spec occur only in expressions.
 */
export interface ScriptedCallback {
  /** What it does in `train` and cannot do in a script; the header of the script says so. */
  readonly lacks?: string
  /** Constants declared in `train`, by name. */
  readonly constants?: Readonly<Record<string, Expression>>
  /** Fields of the trainer, with their initial values. */
  readonly trainer?: Readonly<Record<string, Expression>>
  /** The factor of the learning rate, an expression over fields of the trainer. */
  readonly rateFactor?: string
  readonly beforeTraining?: string
  readonly afterStep?: string
  /** Runs when the `logs` of an epoch are complete. */
  readonly afterEpoch?: string
  /** Runs after the logs are reported; `nextRate` is the learning rate of the next step. */
  readonly nextEpoch?: string
  /** Runs at the end of an epoch; may `break`. */
  readonly stop?: string
  readonly afterTraining?: string
}
