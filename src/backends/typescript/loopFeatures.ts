/**
 * What a spec adds to the training loop of its script: each feature gives lines at named points of the loop, and none
 * where the spec does not ask for it. The declarations that these lines use are linked by their names.
 */
import { call, express, reference, type Expression } from '../../language/expression.ts'
import type { ScriptedCallback } from '../../language/scriptForms.ts'
import type { Program, ProgramExperiment, ProgramLayer } from '../../program/program.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { expressionsIn } from './expressionsIn.ts'
import type { Training } from '../../validation/spec.ts'

/** The points beside those of callbacks, with the variables that lines there may use. */
export interface LoopLines extends ScriptedCallback {
  /** Added to the loss in `measure`: items of a list of scalars, of `network`. */
  readonly penalties?: string
  /** In `trainStep`, before the gradients: the trainer's fields, `batch` and `position`. */
  readonly beforeStep?: string
  /** In `trainStep`, when there are gradients. */
  readonly beforeUpdate?: string
  /** What becomes of gradients before the optimizer applies them. */
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

/** Whether a layer is given an option whose name ends so. */
function hasOption(layers: readonly ProgramLayer[], pattern: RegExp): boolean {
  return layers.some(
    (layer) =>
      'call' in layer &&
      expressionsIn(layer.call).some(
        (part) => part.kind === 'record' && part.fields.some(([key]) => pattern.test(key)),
      ),
  )
}

/** The weights that a step changes are those with gradients; as in `train`, a step of several batches has one for each. */
function givenGradients({ gradientAccumulation = 1 }: Training): string {
  return gradientAccumulation > 1 ? '' : ', grads'
}

/** The normalization of images that are decoded batch by batch: some are decoded before training. */
const measuredImages: LoopLines = {
  trainer: { statistics: call('measureImages', reference('data.train')) },
  beforeTraining: 'await trainer.statistics',
  inputs: 'normalizeChannels(inputs, await statistics)',
}

const features: readonly LoopFeature[] = [
  /** Layers that draw random numbers in training. */
  ({ script: { layers, drawsOtherwise } }) => {
    const trainer = { seed: reference('seed') }
    if (drawsOtherwise) return { trainer, beforeStep: 'seedRandomLayers(network, mixSeed(seed, position.step) | 0)' }
    return layers.size > 0 ? { trainer, beforeStep: 'seedDraws(seed, position.step)' } : undefined
  },
  /** Regularizers of weights, and of what layers give. */
  ({ layers }) =>
    hasOption(layers, /(?<!activity)Regularizer$/) ? { penalties: '...network.calculateLosses()' } : undefined,
  ({ layers }) => (hasOption(layers, /^activityRegularizer$/) ? { penalties: '...penalties' } : undefined),
  /** Weights of classes in the loss. */
  ({ script: { classWeights } }) => classWeights && { trainer: { classWeights } },
  ({ script: { training } }) =>
    training.clipValue === undefined
      ? undefined
      : { treat: (gradients) => `clipByValue(${gradients}, ${training.clipValue})` },
  ({ script: { training } }) =>
    training.clipNorm === undefined
      ? undefined
      : { treat: (gradients) => `clipByNorm(${gradients}, ${training.clipNorm})` },
  /** The decay of weights, by the learning rate of the step. */
  ({ script: { training } }) =>
    training.weightDecay === undefined
      ? undefined
      : {
          trainer: { learningRate: reference('learningRate') },
          beforeUpdate: `decayWeights(network, ${training.weightDecay} * rate${givenGradients(training)})`,
        },
  /** Weights that are held to constraints. */
  ({ layers, script: { training } }) =>
    hasOption(layers, /Constraint$/)
      ? { afterStep: `applyConstraints(network${givenGradients(training)})` }
      : undefined,
  /** A schedule of the learning rate. */
  ({ experiment: { schedule } }) => schedule && { trainer: { schedule, learningRate: reference('learningRate') } },
  /** Validation after each epoch, on samples that are held out. */
  ({ script: { training, hasValidation, isStreamed } }) =>
    training.validationSplit > 0 || hasValidation
      ? {
          afterEpoch: `if (data.validation) Object.assign(logs, prefixLogs('val_', ${isStreamed ? 'await ' : ''}evaluate(trainer, data.validation, batchSize)))`,
        }
      : undefined,
  /** Changes of the samples of training batches. */
  ({ experiment: { augment }, script: { mixes } }) =>
    augment && {
      trainer: { augmentation: augment, seed: reference('seed') },
      inputs: `if (step !== undefined) augmentation.apply(inputs, samples.sampleShape, numbers, seed, step${mixes ? ', parts' : ''})`,
    },
  /** Normalization, after the changes. */
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
  /** How many batches a step takes. */
  readonly batches: number
  /** Whether a step has to know where the run is. */
  readonly usesPosition: boolean
}

export function linesOfLoop({ experiment, script, layers }: Program): FeatureLines {
  const input = { experiment: experiment!, script: script!, layers }
  const found: readonly LoopLines[] = [...features.flatMap((feature) => feature(input) ?? []), ...script!.callbacks]
  const own = (point: Parameters<FeatureLines['at']>[0]) => found.flatMap((lines) => lines[point] ?? [])
  const batches = script!.training.gradientAccumulation ?? 1
  const hasSchedule = experiment!.schedule !== undefined
  const at0 = batches > 1 ? 'stepOfBatches(position, batchesPerStep)' : 'position'
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
    ? [`gradients.add(grads, batch.labels.shape[0]!)`, `const place = ${at0}`, 'if (!place.isLast) return']
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
