/**
 * What a spec adds to the training loop of its script: each feature gives lines at named points of the loop, and none
 * where the spec does not ask for it. The declarations that these lines use are linked by their names.
 */
import type { Program, ProgramExperiment } from '../../program/program.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import { printExpression } from './printExpression.ts'

/** The points, with the variables that lines there may use. */
export interface LoopLines {
  /** Fields of the trainer, in `createTrainer`: `model`, `network`, `learningRate`. Functions of the loop destructure them by their names. */
  readonly trainer?: readonly TrainerField[]
  /** Added to the loss in `measure`, as scalars: `network`. */
  readonly penalties?: string
  /** In `trainStep`, before the gradients: the trainer's fields, `batch` and `position`. */
  readonly beforeStep?: string
  /** In `trainStep`, where `grads` are to be applied. */
  readonly gradients?: string
  /** In `trainStep`, after the weights are changed. */
  readonly afterStep?: string
  /** In `train`, before the first epoch: `data`, `model`, `options`. */
  readonly beforeTraining?: string
  /** In `train`, when an epoch is over: `logs`, an object that may be added to, and what `beforeTraining` declares. */
  readonly afterEpoch?: string
  /** In `train`, before the next epoch, when what is to be reported of this one has been: may `break`. */
  readonly nextEpoch?: string
  /** In `train`, after the last epoch. */
  readonly afterTraining?: string
}

export interface TrainerField {
  readonly name: string
  readonly value: string
}

type LoopFeature = (experiment: ProgramExperiment, script: ScriptExperiment) => LoopLines | undefined

const features: readonly LoopFeature[] = [
  /** Layers that draw random numbers in training. */
  (_experiment, { layers }) =>
    layers.size > 0
      ? { trainer: [{ name: 'seed', value: 'seed' }], beforeStep: 'seedDraws(seed, position.step)' }
      : undefined,
  /** A schedule of the learning rate. */
  ({ schedule }) =>
    schedule && {
      trainer: [
        { name: 'schedule', value: printExpression(schedule) },
        { name: 'learningRate', value: 'learningRate' },
      ],
      beforeStep: 'setLearningRate(optimizer, schedule(learningRate, position))',
    },
  /** Validation after each epoch, on samples that are held out. */
  ({ training: { validationSplit } }, { hasValidation, isStreamed }) =>
    validationSplit > 0 || hasValidation
      ? {
          afterEpoch: `if (data.validation) Object.assign(logs, prefixLogs('val_', ${isStreamed ? 'await ' : ''}evaluate(trainer, data.validation, batchSize)))`,
        }
      : undefined,
]

/** The lines of all features. */
export interface FeatureLines {
  readonly trainer: readonly TrainerField[]
  at(point: Exclude<keyof LoopLines, 'trainer'>): string[]
  /** Whether a step has to know where the run is. */
  readonly usesPosition: boolean
}

export function linesOfLoop({ experiment, script }: Program): FeatureLines {
  const found = features.flatMap((feature) => feature(experiment!, script!) ?? [])
  const at: FeatureLines['at'] = (point) => found.flatMap((lines) => lines[point] ?? [])
  const inStep = [...at('beforeStep'), ...at('gradients'), ...at('afterStep')].join(' ')
  return {
    trainer: found.flatMap(({ trainer = [] }) => trainer),
    at,
    usesPosition: /\bposition\b/.test(inStep),
  }
}
