/** The objective of a network: the loss and the metrics of each output. */
import { type Samples } from '../data/samples.ts'
import { type Loss } from './loss.ts'
import { type Metric } from './metric.ts'

/** The quantity that training minimizes, and the metrics that are reported beside it. */
export interface Objective {
  /** The loss of a single output, or a map from the name of each output to its loss, in the order of the model. */
  readonly loss: Loss | Readonly<Record<string, Loss>>
  /** The weight of each output's loss in the sum that training minimizes; 1 by default. */
  readonly lossWeights?: Readonly<Record<string, number>>
  /** Like `loss`; outputs without metrics may be absent. */
  readonly metrics: readonly Metric[] | Readonly<Record<string, readonly Metric[]>>
}

/** The loss, weight and metrics of one output. */
export interface OutputObjective {
  /** The prefix of its log names: `digit_` if it is one of several outputs, empty if it is the only one. */
  readonly prefix: string
  readonly loss: Loss
  readonly weight: number
  /** The numbers to which a `FittedLoss` was fitted. */
  readonly numbers?: readonly number[]
  readonly metrics: readonly Metric[]
}

/** The objective of each output, in the order of the model's outputs. */
export function objectivesOf({ loss, lossWeights = {}, metrics }: Objective): readonly OutputObjective[] {
  if (isLoss(loss)) return [{ prefix: '', loss, weight: 1, metrics: Object.values(metrics).flat() }]
  const losses = Object.entries(loss)
  return losses.map(([output, ownLoss]) => ({
    prefix: losses.length > 1 ? `${output}_` : '',
    loss: ownLoss,
    weight: lossWeights[output] ?? 1,
    metrics: isList(metrics) ? metrics : (metrics[output] ?? []),
  }))
}

/** Fits the losses that depend on the training samples. */
export function fitObjectives(
  objectives: readonly OutputObjective[],
  train: Samples,
  classNames: readonly string[],
): readonly OutputObjective[] {
  return objectives.map((objective) => {
    const { fitted } = objective.loss
    return fitted ? { ...objective, numbers: fitted.fit(train, classNames) } : objective
  })
}

function isLoss(loss: Objective['loss']): loss is Loss {
  return typeof loss['compute'] === 'function'
}

function isList(metrics: Objective['metrics']): metrics is readonly Metric[] {
  return Array.isArray(metrics)
}
