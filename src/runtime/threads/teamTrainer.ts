import * as tf from '@tensorflow/tfjs'
import { type BatchReader } from '../data/batches.ts'
import { type BatchStep, differentiationStep, updateStep } from '../training/batchStep.ts'
import { seedOfStep } from '../../script/draws.ts'
import { RepeatedStep } from '../replay/repeatedStep.ts'
import { type RunningLogs } from '../training/runningLogs.ts'
import { batchesOf, type StepPlan, type TrainedParts, type Trainer } from '../training/trainer.ts'
import { addGradients, type GradientShare } from './addGradients.ts'
import { controlSlots, shareStart } from './replicaMemory.ts'
import { type Team } from './team.ts'
import { viewValues } from './viewValues.ts'

/**
 * Synchronous data-parallel training. In each step, every thread differentiates the mean loss over its share of the
 * batch. The main thread, which has a share too, adds the gradients in the order of the threads, each weighted by its
 * fraction of the batch, and updates the weights, which all threads read before the next step. Apart from rounding, the
 * result is that of the whole batch for any optimizer, and it is the same in each run.
 */
export class TeamTrainer implements Trainer {
  readonly threads: number
  readonly #parts: TrainedParts
  readonly #variables: tf.Variable[]
  readonly #reader: BatchReader
  readonly #team: Team
  readonly #differentiation: BatchStep
  readonly #update: RepeatedStep
  /** The sum of the step's gradients so far; empty before the first batch if a step has only one batch. */
  #totals: tf.Tensor[] = []
  /** The gradients of the main thread, while it waits for the others. */
  #ownGradients: readonly tf.Tensor[] = []

  constructor(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader, team: Team) {
    this.threads = team.memories.length + 1
    this.#parts = parts
    this.#variables = variables
    this.#reader = reader
    this.#team = team
    this.#differentiation = differentiationStep(parts.model, variables, parts.objectives)
    this.#update = updateStep(parts.updater)
    this.#resetTotals()
    this.#publishWeights()
  }

  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    return this.#takeBatches(batchesOf(plan), 0, plan, running)
  }

  /** Computes the batches from an index on, then updates the weights; returns a promise only if it has to wait. */
  #takeBatches(
    batches: readonly StepPlan[],
    from: number,
    plan: StepPlan,
    running: RunningLogs,
  ): undefined | Promise<void> {
    for (const [index, batch] of batches.entries()) {
      if (index < from) continue
      const waiting = this.#gather(batch, plan, running)
      if (waiting) return waiting.then(() => this.#takeBatches(batches, index + 1, plan, running))
    }
    const inputs = [tf.scalar(plan.learningRate), ...this.#totals]
    this.#update.run(inputs)
    tf.dispose(inputs)
    this.#resetTotals()
    this.#publishWeights()
    return undefined
  }

  /** Adds the gradients of a batch to the totals of the step. */
  #gather(batch: StepPlan, plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    const preparing = this.#reader.prepare(batch.order, batch.start, batch.end, batch.step)
    if (preparing) return preparing.then(() => this.#differentiate(batch, plan, running))
    return this.#differentiate(batch, plan, running)
  }

  #differentiate(part: StepPlan, plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    const { order, start, end, step } = part
    const samples = plan.end - plan.start
    this.#handOut(part)
    const batch = this.#reader.read(order, start, start + shareStart(1, this.threads, end - start))
    const seed = seedOfStep(this.#parts.training.seed, step)
    this.#ownGradients = this.#differentiation.run(batch, running, [seed])
    tf.dispose([batch.inputs, batch.labels, seed])
    const add = (): void => this.#addGradients(batch.count, samples, running)
    const waiting = this.#team.answers()
    if (waiting) return waiting.then(add)
    add()
    return undefined
  }

  async stop(): Promise<void> {
    this.#reader.release()
    tf.dispose([...this.#totals, ...this.#ownGradients])
    this.#differentiation.dispose()
    this.#update.dispose()
    await this.#team.stop()
  }

  /** Writes the shares of the replicas to their memories and starts them. */
  #handOut({ order, start, end, step }: StepPlan): void {
    for (const [index, { control, inputs, labels }] of this.#team.memories.entries()) {
      const from = start + shareStart(index + 1, this.threads, end - start)
      const to = start + shareStart(index + 2, this.threads, end - start)
      this.#reader.gather(order, from, to, inputs, labels)
      control[controlSlots.samples] = to - from
      control[controlSlots.step] = step
    }
    this.#team.ask()
  }

  /**
   * Adds the gradients of all threads to the totals in the order of the threads, weighted by their shares of the step.
   *
   * @param count The number of samples of the main thread.
   * @param samples The number of samples of the whole step.
   */
  #addGradients(count: number, samples: number, running: RunningLogs): void {
    const others: GradientShare[] = []
    for (const { control, gradients, sums } of this.#team.memories) {
      const share = control[controlSlots.samples]!
      if (share === 0) continue
      others.push({ gradients, share: share / samples })
      running.addSums(sums, share)
    }
    const totals = addGradients(this.#ownGradients, count / samples, others, this.#totals)
    tf.dispose([...this.#ownGradients, ...this.#totals])
    this.#totals = totals.map((total) => tf.keep(total))
  }

  /** Whether a step has several batches. */
  get #hasSeveralBatches(): boolean {
    return this.#parts.updater.batches > 1
  }

  #resetTotals(): void {
    this.#totals = this.#hasSeveralBatches ? this.#variables.map(({ shape }) => tf.keep(tf.zeros(shape))) : []
  }

  #publishWeights(): void {
    const { weights } = this.#team.memories[0]!
    let offset = 0
    for (const variable of this.#variables) {
      weights.set(viewValues(variable), offset)
      offset += variable.size
    }
  }
}
