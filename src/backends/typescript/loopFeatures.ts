/**
 * The features that a spec adds to the training loop of its script. Each feature adds lines at named points of the loop
 * if the spec asks for it. The declarations that these lines use are linked by name.
 */
import { call, express, reference, type Expression } from '../../language/expression.ts'
import type { ScriptedCallback } from '../../language/scriptForms.ts'
import type { Program, ProgramExperiment, ProgramLayer } from '../../program/program.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { expressionsIn } from './expressionsIn.ts'
import type { Training } from '../../validation/spec.ts'

/** The points of the loop in addition to those of callbacks, with the variables that lines there may use. */
export interface LoopLines extends ScriptedCallback {
  /** Added to the loss in `measure`: items of a list of scalars, of `network`. */
  readonly penalties?: string
  /** In `trainStep`, before the gradients: the trainer's fields, `batch` and `position`. */
  readonly beforeStep?: string
  /** In `trainStep`, after the gradients are computed. */
  readonly beforeUpdate?: string
  /** Prints a change of the gradients before the optimizer applies them. */
  readonly treat?: (gradients: string) => string
  /** In `train`, for the inputs of a batch: `inputs`, `samples`, `indices` and, in training only, `seed` and `step`. */
  readonly inputs?: string
}

interface FeatureInput {
  readonly experiment: ProgramExperiment
  readonly script: ScriptExperiment
  readonly layers: readonly ProgramLayer[]
}

type LoopFeature = (input: FeatureInput) => LoopLines | undefined

/** Whether a layer has an option whose name matches `pattern`. */
function hasOption(layers: readonly ProgramLayer[], pattern: RegExp): boolean {
  return layers.some(
    (layer) =>
      'call' in layer &&
      expressionsIn(layer.call).some(
        (part) => part.kind === 'record' && part.fields.some(([key]) => pattern.test(key)),
      ),
  )
}

const weightRegularizer = /(?<!activity)Regularizer$/

/** Whether `calculateLosses` of TensorFlow.js leaves out the penalties of a layer, which it does for recurrent cells, or repeats them. */
const needsOwnPenalties = (layer: ProgramLayer) => 'applies' in layer || hasOption([layer], /^recurrentInitializer$/)

/** Prints the argument that restricts a change to the weights with gradients. As in `train`, a step of several batches changes all weights. */
function givenGradients({ gradientAccumulation = 1 }: Training): string {
  return gradientAccumulation > 1 ? '' : ', grads'
}

/** Normalization of images that are decoded batch by batch: a sample of them is decoded before training. */
const measuredImages: LoopLines = {
  trainer: { statistics: call('measureImages', reference('data.train')) },
  beforeTraining: 'await trainer.statistics',
  inputs: 'normalizeChannels(inputs, await statistics)',
}

const features: readonly LoopFeature[] = [
  /** Seeds for layers that draw random numbers in training. */
  ({ script: { layers, drawsOtherwise } }) => {
    const trainer = { seed: reference('seed') }
    if (drawsOtherwise) return { trainer, beforeStep: 'seedRandomLayers(network, mixSeed(seed, position.step) | 0)' }
    return layers.size > 0 ? { trainer, beforeStep: 'seedDraws(seed, position.step)' } : undefined
  },
  /** Regularizers of weights, and of the outputs of layers. */
  ({ layers }) => {
    if (!hasOption(layers, weightRegularizer)) return undefined
    const compute = layers.some(needsOwnPenalties) ? 'weightPenalties(network)' : 'network.calculateLosses()'
    return { penalties: `...${compute}` }
  },
  ({ layers }) => (hasOption(layers, /^activityRegularizer$/) ? { penalties: '...penalties' } : undefined),
  /** Class weights of the loss. */
  ({ script: { classWeights } }) => classWeights && { trainer: { classWeights } },
  ({ script: { training } }) =>
    training.clipValue === undefined
      ? undefined
      : { treat: (gradients) => `clipByValue(${gradients}, ${training.clipValue})` },
  ({ script: { training } }) =>
    training.clipNorm === undefined
      ? undefined
      : { treat: (gradients) => `clipByNorm(${gradients}, ${training.clipNorm})` },
  /** Weight decay, scaled by the learning rate of the step. */
  ({ script: { training, learningRates } }) => {
    const { weightDecay } = training
    if (weightDecay === undefined) return undefined
    const trainer = { learningRate: reference('learningRate') }
    const decay = `${weightDecay} * rate`
    return learningRates === undefined
      ? { trainer, beforeUpdate: `decayWeights(network, ${decay}${givenGradients(training)})` }
      : {
          trainer: { ...trainer, factors: reference('factors') },
          beforeUpdate: `decayLayers(network, ${decay}, factors${givenGradients(training)})`,
        }
  },
  /** Constraints of weights. */
  ({ layers, script: { training } }) =>
    hasOption(layers, /Constraint$/)
      ? { afterStep: `applyConstraints(network${givenGradients(training)})` }
      : undefined,
  /** A schedule of the learning rate. */
  ({ experiment: { schedule } }) => schedule && { trainer: { schedule, learningRate: reference('learningRate') } },
  /** Validation after each epoch. */
  ({ script: { training, hasValidation, isStreamed } }) =>
    training.validationSplit > 0 || hasValidation
      ? {
          afterEpoch: `if (data.validation) Object.assign(logs, prefixLogs('val_', ${isStreamed ? 'await ' : ''}evaluate(trainer, data.validation, batchSize)))`,
        }
      : undefined,
  /** Augmentation of training batches. */
  ({ experiment: { augment }, script: { mixes } }) =>
    augment && {
      trainer: { augmentation: augment, seed: reference('seed') },
      inputs: `if (step !== undefined) augmentation.apply(inputs, samples.sampleShape, indices, seed, step${mixes ? ', parts' : ''})`,
    },
  /** Normalization, after augmentation. */
  ({ script: { normalize, isStreamed } }) => {
    if (!normalize) return undefined
    if (normalize === 'fitted' && isStreamed) return measuredImages
    return {
      trainer: {
        statistics: normalize === 'fitted' ? call('measureChannels', reference('data.train')) : express(normalize),
      },
      inputs: 'normalizeChannels(inputs, statistics)',
    }
  },
]

/** The lines of all features. */
export interface FeatureLines {
  readonly trainer: Readonly<Record<string, Expression>>
  readonly constants: Readonly<Record<string, Expression>>
  at(point: LinePoint): readonly string[]
  treat(gradients: string): string
  /** The number of batches per step. */
  readonly batches: number
  /** Whether a step uses its position in the run. */
  readonly usesPosition: boolean
}

type LinePoint = Exclude<keyof LoopLines, 'trainer' | 'constants' | 'treat' | 'lacks'>

export function linesOfLoop({ experiment, script, layers }: Program): FeatureLines {
  const input = { experiment: experiment!, script: script!, layers }
  const found: readonly LoopLines[] = [...features.flatMap((feature) => feature(input) ?? []), ...script!.callbacks]
  const own = (point: LinePoint) => found.flatMap((lines) => lines[point] ?? [])
  const batches = script!.training.gradientAccumulation ?? 1
  const isAccumulated = batches > 1
  const rate = { hasSchedule: experiment!.schedule !== undefined, factors: own('rateFactor') }
  const isChanged = rate.hasSchedule || rate.factors.length > 0
  const usesRate = isChanged || own('beforeUpdate').some(mentions('rate'))
  const beforeUpdate = [
    ...(isAccumulated ? accumulation : []),
    ...(usesRate ? [`const rate = ${printRate(rate, isAccumulated ? 'place' : 'position')}`] : []),
    ...(isChanged ? ['setLearningRate(optimizer, rate)'] : []),
    ...own('beforeUpdate'),
  ]
  const nextEpoch = [
    ...(own('nextEpoch').some(mentions('nextRate'))
      ? [`const nextRate = ${printRate(rate, printNextPosition(isAccumulated), 'trainer.')}`]
      : []),
    ...own('nextEpoch'),
  ]
  const inStep = [...own('beforeStep'), ...beforeUpdate, ...own('afterStep')]
  return {
    trainer: {
      ...mergedFields(found, 'trainer'),
      ...(usesRate && { learningRate: reference('learningRate') }),
      ...(isAccumulated && { gradients: reference('new GradientSum()') }),
    },
    constants: mergedFields(found, 'constants'),
    at: (point) => (point === 'beforeUpdate' ? beforeUpdate : point === 'nextEpoch' ? nextEpoch : own(point)),
    treat: (gradients) =>
      found
        .flatMap(({ treat }) => treat ?? [])
        .reduce((inner, change) => change(inner), isAccumulated ? 'gradients.take()' : gradients),
    batches,
    usesPosition: inStep.some(mentions('position')) || nextEpoch.some(mentions('stepsPerEpoch')),
  }
}

/** The start of a step of several batches; only the last batch goes on to the update. */
const accumulation = [
  'gradients.add(grads, batch.labels.shape[0]!)',
  'const place = stepOfBatches(position, batchesPerStep)',
  'if (!place.isLast) return',
]

/**
 * Prints the learning rate of a step.
 *
 * @param holder What the fields of the trainer are read from.
 */
function printRate(
  { hasSchedule, factors }: { readonly hasSchedule: boolean; readonly factors: readonly string[] },
  position: string,
  holder = '',
): string {
  const rate = hasSchedule ? `${holder}schedule(${holder}learningRate, ${position})` : `${holder}learningRate`
  return [rate, ...factors.map((factor) => holder + factor)].join(' * ')
}

/** Prints the position of the first step of the next epoch. */
function printNextPosition(isAccumulated: boolean): string {
  const position = '{ step: epoch * stepsPerEpoch, stepsPerEpoch, epochs }'
  return isAccumulated ? `stepOfBatches(${position}, batchesPerStep)` : position
}

function mergedFields(found: readonly LoopLines[], key: 'trainer' | 'constants'): Readonly<Record<string, Expression>> {
  return Object.assign({}, ...found.map((lines) => lines[key])) as Record<string, Expression>
}

function mentions(name: string): (line: string) => boolean {
  const pattern = new RegExp(`\\b${name}\\b`)
  return (line) => pattern.test(line)
}
