/** The labels and predictions that a loss or a metric is meant for. */

/** Labels are class indices, `binary` ones (one of two classes, for a single unit), or values. */
export type LabelKind = 'classes' | 'binary' | 'values'

export interface PredictionRange {
  /** The required predictions, as named in messages. */
  readonly name: string
  /** The activations that produce such predictions; the first is the usual one. */
  readonly activations: readonly string[]
}

export interface Fit<O = never> {
  /**
   * The kinds of labels that it can be computed for: `suited` is the intended use, `unusual` is possible but rarely meant.
   * Any other kind of labels is a mistake.
   */
  readonly labels: Readonly<Partial<Record<LabelKind, 'suited' | 'unusual'>>>
  /** Whether a label must be a single class instead of a mixture of several. */
  readonly needsOneClass?: boolean
  /** The predictions that it is defined for, if the output has `units` units; undefined if any are accepted. */
  predictions?(options: O, units: number | undefined): PredictionRange | undefined
  /** The smallest number of units with which it is informative; 1 by default. */
  leastUnits?(options: O): number
}

export const classProbabilities: PredictionRange = { name: 'class probabilities', activations: ['softmax'] }
export const answerProbabilities: PredictionRange = {
  name: 'the probability of yes',
  activations: ['sigmoid', 'hardSigmoid'],
}
export const probabilities: PredictionRange = {
  name: 'probabilities',
  activations: ['sigmoid', 'hardSigmoid', 'softmax'],
}
export const logits: PredictionRange = { name: 'logits (values without an activation)', activations: ['linear'] }
export const signedValues: PredictionRange = {
  name: 'positive and negative values',
  activations: ['linear', 'tanh', 'softsign', 'elu', 'selu'],
}
export const positiveValues: PredictionRange = {
  name: 'non-negative values',
  activations: ['softplus', 'relu', 'relu6', 'sigmoid', 'hardSigmoid', 'softmax'],
}
