/** The objective of a network: the loss and the metrics of each output. */
import { type Samples } from '../data/samples.ts'
import { type Loss } from './loss.ts'
import { type Metric } from './metric.ts'

/** What training makes small, and what is reported beside it. */
export interface Objective {
  /** Of the network's one output; of several, a map from each output's name to its own, in the order of the model. */
  readonly loss: Loss | Readonly<Record<string, Loss>>
  /** How much the loss of an output counts in the sum that training makes small; 1 where nothing is said. */
  readonly lossWeights?: Readonly<Record<string, number>>
  /** As `loss`; an output without metrics may be left out. */
  readonly metrics: readonly Metric[] | Readonly<Record<string, readonly Metric[]>>
}

/** What one output is compared by. */
export interface OutputObjective {
  /** What the names of its logs begin with: `digit_` where it is one of several, nothing where it is the only one. */
  readonly prefix: string
  readonly loss: Loss
  readonly weight: number
  /** What a loss that depends on the samples that train was fitted to. */
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

/** The objectives with what their losses take from the samples that train. */
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
