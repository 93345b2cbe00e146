/** What a loss or a metric is made for: which labels, and which predictions. */

/** Labels are classes by number, one of two classes for a single unit, or values. */
export type LabelKind = 'classes' | 'binary' | 'values'

export interface PredictionRange {
  /** What predictions have to be, as a message says it. */
  readonly name: string
  /** The activations that give such; the first is the usual one. */
  readonly activations: readonly string[]
}

export interface Fit<O = never> {
  /**
   * The kinds of labels that it compares with: `well`, or `oddly` where it can be computed, but is hardly meant. To
   * compare with any other kind is a mistake.
   */
  readonly labels: Readonly<Partial<Record<LabelKind, 'well' | 'oddly'>>>
  /** Whether a label has to be one class, and cannot be parts of several. */
  readonly needsOneClass?: boolean
  /** The predictions that it is defined for, where the network ends in so many units; undefined where any will do. */
  predictions?(options: O, units: number | undefined): PredictionRange | undefined
  /** How many units it needs to tell anything; 1 by default. */
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
