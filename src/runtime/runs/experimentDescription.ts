/** Describes an experiment, so that a run is only resumed with the experiment it was started with. */
import { countOf } from '../../diagnostics/formatCount.ts'
import * as tf from '@tensorflow/tfjs'
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Samples } from '../data/samples.ts'
import { type TrainedParts } from '../training/trainer.ts'

/** The properties that a run must share with the checkpoint that it resumes from: readable names and values. */
export type ExperimentDescription = Readonly<Record<string, unknown>>

export interface DescribedParts extends TrainedParts {
  readonly validation: Samples | undefined
  /** The optimizer's own learning rate. */
  readonly learningRate: number
}

/** Describes an experiment without its number of epochs, which may be raised. */
export function describeExperiment(parts: DescribedParts): ExperimentDescription {
  const { experiment, training, train, validation, model, objectives } = parts
  const { batchSize, seed, shuffle, validationSplit } = training
  return {
    name: experiment.name,
    batchSize,
    seed,
    shuffle,
    validationSplit,
    ...(training.precision === 'relaxed' && { precision: 'relaxed' }),
    learningRate: parts.learningRate,
    ...(experiment.learningRates && { 'learning rates of layers': JSON.stringify(experiment.learningRates) }),
    'batches per step': parts.updater.batches,
    'optimizer state': `${countOf(parts.updater.state.length, 'tensor')}`,
    'training samples': train.count,
    'validation samples': validation?.count ?? 0,
    'sample shape': train.sampleShape.join('x'),
    ...Object.fromEntries(model.layers.map((layer) => [`layer ${layer.name}`, describeLayer(layer)])),
    ...Object.fromEntries(model.weights.map(({ originalName, shape }) => [`weight ${originalName}`, shape.join('x')])),
    ...Object.fromEntries(
      objectives.flatMap(({ prefix, loss, weight, numbers, metrics }) => [
        [`${prefix}loss`, `${loss.name}, weight ${weight}`],
        ...(numbers ? [[`${prefix}class weights`, numbers.join(', ')] as const] : []),
        [`${prefix}metrics`, metrics.map(({ name }) => name).join(', ')],
      ]),
    ),
  }
}

/** The class of a layer and a hash of its options. */
function describeLayer(layer: tf.layers.Layer): string {
  const config = JSON.stringify(layer.getConfig())
  return `${layer.getClassName()} ${createHash('sha256').update(config).digest('hex').slice(0, 12)}`
}

/** The differences, one clause each. */
export function compareDescriptions(saved: ExperimentDescription, present: ExperimentDescription): string[] {
  const names = new Set([...Object.keys(saved), ...Object.keys(present)])
  // The initializers of layers contain seeds that follow from the run's seed.
  const isOtherSeed = saved['seed'] !== present['seed']
  return [...names].flatMap((name) => {
    if (isOtherSeed && name.startsWith('layer ')) return []
    const [before, now] = [saved[name], present[name]]
    if (isDeepStrictEqual(before, now)) return []
    if (before === undefined) return `${name} was added`
    if (now === undefined) return `${name} was removed`
    return name.startsWith('layer ') ? `the options of ${name} changed` : `${name} changed from ${before} to ${now}`
  })
}
