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
  /** In `train`, for the inputs of a batch: `inputs`, `samples`, `numbers` and, in training only, `seed` and `step`. */
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
      inputs: `if (step !== undefined) augmentation.apply(inputs, samples.sampleShape, numbers, seed, step${mixes ? ', parts' : ''})`,
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
  at(point: Exclude<keyof LoopLines, 'trainer' | 'constants' | 'treat'>): string[]
  treat(gradients: string): string
  /** The number of batches per step. */
  readonly batches: number
  /** Whether a step uses its position in the run. */
  readonly usesPosition: boolean
}

export function linesOfLoop({ experiment, script, layers }: Program): FeatureLines {
  const input = { experiment: experiment!, script: script!, layers }
  const found: readonly LoopLines[] = [...features.flatMap((feature) => feature(input) ?? []), ...script!.callbacks]
  const own = (point: Parameters<FeatureLines['at']>[0]) => found.flatMap((lines) => lines[point] ?? [])
  const batches = script!.training.gradientAccumulation ?? 1
  const hasSchedule = experiment!.schedule !== undefined
  const printedPlace = batches > 1 ? 'stepOfBatches(position, batchesPerStep)' : 'position'
  const factors = own('rateFactor')
  const rateAt = (place: string, holder: string) =>
    [
      hasSchedule ? `${holder}schedule(${holder}learningRate, ${place})` : `${holder}learningRate`,
      ...factors.map((factor) => holder + factor),
    ].join(' * ')
  const changesRate = hasSchedule || factors.length > 0
  const usesRate = changesRate || own('beforeUpdate').some((line) => /\brate\b/.test(line))
  const isAccumulated = batches > 1
  const rateLines = [
    ...(usesRate ? [`const rate = ${rateAt(isAccumulated ? 'place' : 'position', '')}`] : []),
    ...(changesRate ? ['setLearningRate(optimizer, rate)'] : []),
  ]
  const accumulation = isAccumulated
    ? [`gradients.add(grads, batch.labels.shape[0]!)`, `const place = ${printedPlace}`, 'if (!place.isLast) return']
    : []
  const next = isAccumulated
    ? `stepOfBatches({ step: epoch * stepsPerEpoch, stepsPerEpoch, epochs }, batchesPerStep)`
    : '{ step: epoch * stepsPerEpoch, stepsPerEpoch, epochs }'
  const usesNext = own('nextEpoch').some((line) => /\bnextRate\b/.test(line))
  const at: FeatureLines['at'] = (point) => {
    if (point === 'beforeUpdate') return [...accumulation, ...rateLines, ...own(point)]
    if (point === 'nextEpoch')
      return [...(usesNext ? [`const nextRate = ${rateAt(next, 'trainer.')}`] : []), ...own(point)]
    return own(point)
  }
  const treat = found.flatMap((lines) => lines.treat ?? [])
  const trainer: Record<string, Expression> = Object.assign(
    {},
    ...found.map((lines) => lines.trainer),
    usesRate && { learningRate: reference('learningRate') },
    isAccumulated && { gradients: reference('new GradientSum()') },
  )
  const inStep = [...at('beforeStep'), ...at('beforeUpdate'), ...at('afterStep')].join(' ')
  const inEpoch = [...at('nextEpoch')].join(' ')
  return {
    trainer,
    constants: Object.assign({}, ...found.map(({ constants }) => constants)) as Record<string, Expression>,
    at,
    treat: (gradients) =>
      treat.reduce((inner, change) => change(inner), isAccumulated ? 'gradients.take()' : gradients),
    batches,
    usesPosition: /\bposition\b/.test(inStep) || /\bstepsPerEpoch\b/.test(inEpoch),
  }
}
