/** Chooses and starts the trainer of a run: one thread, several, or gradient accumulation. */
import type * as tf from '@tensorflow/tfjs'
import { AccumulatingTrainer } from './accumulatingTrainer.ts'
import { BatchReader } from '../data/batches.ts'
import { tensorOf, type TensorValues } from '../data/tensorValues.ts'
import { planStep } from './planStep.ts'
import { trainingStep } from './batchStep.ts'
import { mixSeed } from '../../script/random.ts'
import { countSums } from './runningLogs.ts'
import { usePrecision } from '../kernels/precision.ts'
import { countThreads } from '../threads/countThreads.ts'
import { TeamTrainer } from '../threads/teamTrainer.ts'
import { type TrainedParts, type Trainer } from './trainer.ts'
import { findTrainableVariables } from './trainingStep.ts'

/** @throws KnownError if there are no weights to train, or a thread does not start. */
export async function startTrainer(parts: TrainedParts): Promise<Trainer> {
  const { experiment, objectives, training, train, model } = parts
  await usePrecision(training.precision)
  const variables = findTrainableVariables(model)
  const { augment } = experiment
  const reader = new BatchReader(train, augment && { change: augment, seed: training.seed })
  const threads = experiment.replicas ? countThreads(training) : 1
  if (experiment.replicas === undefined || threads === 1) {
    const isBatch = parts.updater.batches === 1
    return isBatch ? soloTrainer(parts, variables, reader) : AccumulatingTrainer.start(parts, variables, reader)
  }
  const team = await experiment.replicas.startTeam({
    threads,
    seed: training.seed,
    precision: training.precision,
    sampleShape: train.sampleShape,
    numbers: objectives.map(({ numbers }) => numbers),
    fixedWeights: experiment.weights && model.nonTrainableWeights.map((weight) => weight.read().dataSync().slice()),
    sizes: {
      samples: Math.ceil(training.batchSize / threads),
      sampleSize: train.sampleShape.reduce((product, length) => product * length, 1),
      labelSize: reader.labelSize,
      hasFloatLabels: reader.hasFloatLabels,
      weights: variables.reduce((total, { size }) => total + size, 0),
      sums: countSums(objectives),
    },
  })
  return new TeamTrainer(parts, variables, reader, team)
}

async function soloTrainer(
  { objectives, training, train, model, updater }: TrainedParts,
  variables: tf.Variable[],
  reader: BatchReader,
): Promise<Trainer> {
  const batchStep = trainingStep(model, variables, updater, objectives)
  /** The seed of the step, as `seedOfStep` computes it, and its learning rate. */
  const settingsOf = (step: number, rate: number): readonly TensorValues[] => [
    { values: Int32Array.of(mixSeed(training.seed, step)), shape: [], dtype: 'int32' },
    { values: Float32Array.of(rate), shape: [], dtype: 'float32' },
  ]
  const takeStep: Trainer['step'] = ({ order, start, end, step, learningRate }, running) => {
    batchStep.runOnValues(reader.readValues(order, start, end), running, settingsOf(step, learningRate))
    return undefined
  }
  const form = await planStep(
    batchStep,
    reader,
    Math.min(training.batchSize, train.count),
    settingsOf(0, 0).map(tensorOf),
  )
  return {
    threads: 1,
    ...(form && { form }),
    step(plan, running) {
      const preparing = reader.prepare(plan.order, plan.start, plan.end, plan.step)
      if (preparing) return preparing.then(() => takeStep(plan, running))
      return takeStep(plan, running)
    },
    async stop() {
      reader.release()
      batchStep.dispose()
    },
  }
}
