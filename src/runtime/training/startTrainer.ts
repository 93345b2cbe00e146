/** Chooses and starts the trainer of a run: one thread, several, or gradient accumulation. */
import * as tf from '@tensorflow/tfjs'
import { AccumulatingTrainer } from './accumulatingTrainer.ts'
import { BatchReader } from '../data/batches.ts'
import { trainingStep } from './batchStep.ts'
import { seedOfStep } from '../../script/draws.ts'
import { countSums } from './runningLogs.ts'
import { countThreads } from '../threads/countThreads.ts'
import { TeamTrainer } from '../threads/teamTrainer.ts'
import { type TrainedParts, type Trainer } from './trainer.ts'
import { findTrainableVariables } from './trainingStep.ts'

/** @throws KnownError if there are no weights to train, or a thread does not start. */
export async function startTrainer(parts: TrainedParts): Promise<Trainer> {
  const { experiment, objectives, training, train, model } = parts
  const variables = findTrainableVariables(model)
  const { augment } = experiment
  const reader = new BatchReader(train, augment && { change: augment, seed: training.seed })
  const threads = experiment.replicas ? countThreads(training) : 1
  if (experiment.replicas === undefined || threads === 1) {
    const isBatch = parts.updater.batches === 1
    return isBatch ? soloTrainer(parts, variables, reader) : new AccumulatingTrainer(parts, variables, reader)
  }
  const team = await experiment.replicas.startTeam({
    threads,
    seed: training.seed,
    sampleShape: train.sampleShape,
    numbers: objectives.map(({ numbers }) => numbers),
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

function soloTrainer(
  { objectives, training, model, updater }: TrainedParts,
  variables: tf.Variable[],
  reader: BatchReader,
): Trainer {
  const batchStep = trainingStep(model, variables, updater, objectives)
  const takeStep: Trainer['step'] = ({ order, start, end, step, learningRate }, running) => {
    const batch = reader.read(order, start, end)
    const settings = [seedOfStep(training.seed, step), tf.scalar(learningRate)]
    batchStep.run(batch, running, settings)
    tf.dispose([batch.inputs, batch.labels, ...settings])
    return undefined
  }
  return {
    threads: 1,
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
