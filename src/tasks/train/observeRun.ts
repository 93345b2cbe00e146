/** Observes a run from outside of its spec: its folder, and the confusion matrix after each epoch. Weights do not depend on it. */
import type { Program } from '../../program/program.ts'
import { prepareSplits } from '../../runtime/data/prepareSplits.ts'
import { sliceSamples, type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import type { Callback, CallbackRun } from '../../runtime/training/callback.ts'
import { evaluateUnlessAborted } from '../../runtime/training/evaluation.ts'
import type { ReplicatedExperiment } from '../../runtime/training/experiment.ts'
import type { EpochLogs } from '../../runtime/training/trainingListener.ts'
import type { ConfusionMatrix } from '../inspect/classScores.ts'
import { once } from '../../system/once.ts'
import { givesLogits } from '../inspect/givesLogits.ts'
import { inspectClasses, namesClasses } from '../inspect/inspectClasses.ts'
import { PredictionCollector } from '../inspect/predictionCollector.ts'

export interface RunObserver {
  /** Called before the first step, with the epochs that a resumed run has trained before. */
  onBegin(folder: string, history: readonly EpochLogs[]): void
  /** Called after each epoch, if the first output predicts classes. */
  onConfusion(confusion: ObservedConfusion): void
  /** Called after the last step, unless the run was interrupted. */
  onEvaluation(): void
}

export interface ObservedConfusion {
  readonly epoch: number
  readonly split: 'validation' | 'test'
  /** The number of samples that were predicted. */
  readonly samples: number
  readonly classNames: readonly string[]
  readonly matrix: ConfusionMatrix
}

/** The most samples that are predicted after each epoch, so that training is not delayed much. */
const mostSamples = 2000

export function observeExperiment(
  experiment: ReplicatedExperiment,
  program: Program,
  observer: RunObserver,
): ReplicatedExperiment {
  let loaded: DatasetSplits | undefined
  const prepared = once(() => loaded && prepareSplits(loaded, experiment.training))
  const observing: Callback = {
    name: 'observer',
    onTrainBegin: ({ folder, history }) => void (folder !== undefined && observer.onBegin(folder, history)),
    async onEpochEnd({ epoch }, run) {
      const data = prepared()
      const found = data && (await confusionOf(experiment, program, data, run))
      if (found) observer.onConfusion({ epoch, ...found })
    },
    onTrainEnd: (end) => void (end !== 'interrupted' && observer.onEvaluation()),
  }
  return {
    ...experiment,
    async loadData(folder) {
      loaded = await experiment.loadData(folder)
      return loaded
    },
    createCallbacks: () => [...(experiment.createCallbacks?.() ?? []), observing],
  }
}

/** Predicts validation samples, or test samples without a validation. */
async function confusionOf(
  experiment: ReplicatedExperiment,
  program: Program,
  { validation, test, classNames }: DatasetSplits,
  { model }: CallbackRun,
): Promise<Omit<ObservedConfusion, 'epoch'> | undefined> {
  const [split, all] = validation ? (['validation', validation] as const) : (['test', test] as const)
  const [output] = program.outputs
  if (all?.classes === undefined || all.count === 0 || output === undefined) return undefined
  const samples = firstOf(all)
  const collector = new PredictionCollector(samples.count)
  const { signal } = new AbortController()
  await evaluateUnlessAborted(model, samples, experiment, experiment.training.batchSize, signal, collector.visit)
  const { labels, outputs } = collector.read(1)
  const answers = outputs[0]
  if (labels === undefined || answers === undefined || !namesClasses(answers.units, all.classes)) return undefined
  const names = Array.from({ length: all.classes }, (_, index) => classNames[index] ?? `${index}`)
  const fromLogits = givesLogits(program, output)
  const { confusion } = inspectClasses({ ...answers, output, labels, classNames: names, fromLogits })
  return { split, samples: samples.count, classNames: names, matrix: confusion }
}

function firstOf(samples: Samples): Samples {
  return samples.count <= mostSamples ? samples : sliceSamples(samples, 0, mostSamples)
}
