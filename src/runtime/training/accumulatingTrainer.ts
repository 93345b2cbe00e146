/** Trains in one thread with gradient accumulation. */
import * as tf from '@tensorflow/tfjs'
import { type BatchReader } from '../data/batches.ts'
import { accumulationStep, type BatchStep, updateStep } from './batchStep.ts'
import { type StepForm } from './trainingListener.ts'
import { planStep } from './planStep.ts'
import { seedOfStep } from '../../script/draws.ts'
import { type RepeatedStep } from '../replay/repeatedStep.ts'
import { type RunningLogs } from './runningLogs.ts'
import { batchesOf, type StepPlan, type TrainedParts, type Trainer } from './trainer.ts'

/**
 * Trains in one thread with several batches per step: adds up their gradients, each weighted by the batch's share of
 * the samples, and updates the weights with the mean.
 */
export class AccumulatingTrainer implements Trainer {
  readonly threads = 1
  form?: StepForm
  readonly #parts: TrainedParts
  readonly #variables: readonly tf.Variable[]
  readonly #reader: BatchReader
  /** Adds the gradients of a batch, weighted by its share of the step's samples, to the totals so far. */
  readonly #gathering: BatchStep
  readonly #update: RepeatedStep

  private constructor(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader) {
    const { model, objectives, updater } = parts
    this.#parts = parts
    this.#variables = variables
    this.#reader = reader
    this.#gathering = accumulationStep(model, variables, objectives)
    this.#update = updateStep(updater)
  }

  static async start(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader): Promise<AccumulatingTrainer> {
    const trainer = new AccumulatingTrainer(parts, variables, reader)
    const { training, train } = parts
    const settings = [
      seedOfStep(training.seed, 0),
      tf.scalar(1),
      ...variables.map((variable) => tf.zerosLike(variable)),
    ]
    const count = Math.min(training.batchSize, train.count)
    const form = await planStep(trainer.#gathering, reader, count, settings)
    if (form) trainer.form = form
    return trainer
  }

  async step(plan: StepPlan, running: RunningLogs): Promise<void> {
    let totals: tf.Tensor[] = this.#variables.map((variable) => tf.zerosLike(variable))
    for (const batch of batchesOf(plan)) {
      await this.#reader.prepare(batch.order, batch.start, batch.end, batch.step)
      const gathered = this.#gather(batch, (batch.end - batch.start) / (plan.end - plan.start), totals, running)
      tf.dispose(totals)
      totals = gathered
    }
    const rate = tf.scalar(plan.learningRate)
    this.#update.run([rate, ...totals])
    tf.dispose([rate, totals])
  }

  async stop(): Promise<void> {
    this.#reader.release()
    this.#gathering.dispose()
    this.#update.dispose()
  }

  #gather({ order, start, end, step }: StepPlan, part: number, totals: tf.Tensor[], running: RunningLogs): tf.Tensor[] {
    const batch = this.#reader.read(order, start, end)
    const settings = [seedOfStep(this.#parts.training.seed, step), tf.scalar(part)]
    const gathered = this.#gathering.run(batch, running, [...settings, ...totals])
    tf.dispose([batch.inputs, batch.labels, ...settings])
    return gathered
  }
}
