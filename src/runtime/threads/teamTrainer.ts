import * as tf from '@tensorflow/tfjs'
import { type BatchReader } from '../batches.ts'
import { type BatchStep, differentiationStep, updateStep } from '../batchStep.ts'
import { seedOfStep } from '../draws.ts'
import { type RepeatedStep } from '../replay/repeatedStep.ts'
import { type RunningLogs } from '../runningLogs.ts'
import { batchesOf, type StepPlan, type TrainedParts, type Trainer } from '../trainer.ts'
import { controlSlots, shareStart } from './replicaMemory.ts'
import { type Team } from './team.ts'

/**
 * Synchronous data-parallel training. In each step every thread differentiates the mean loss over its share of the
 * batch; the main thread, which has a share too, adds up the gradients in the order of the threads, each weighted by
 * its part of the batch, and lets the optimizer change the weights, which all take over before the next step. So the
 * result is that of the whole batch but for rounding, whatever the optimizer is, and the same in each run.
 */
export class TeamTrainer implements Trainer {
  readonly threads: number
  readonly #parts: TrainedParts
  readonly #variables: tf.Variable[]
  readonly #reader: BatchReader
  readonly #team: Team
  readonly #differentiation: BatchStep
  readonly #update: RepeatedStep
  /** The gradients of the whole batch. */
  readonly #total: Float32Array

  constructor(parts: TrainedParts, variables: tf.Variable[], reader: BatchReader, team: Team) {
    this.threads = team.memories.length + 1
    this.#parts = parts
    this.#variables = variables
    this.#reader = reader
    this.#team = team
    this.#differentiation = differentiationStep(parts.model, variables, parts.objectives)
    this.#update = updateStep(parts.updater)
    this.#total = new Float32Array(team.memories[0]!.weights.length)
    this.#publishWeights()
  }

  step(plan: StepPlan, running: RunningLogs): undefined | Promise<void> {
    return this.#takeBatches(batchesOf(plan), 0, plan, running)
  }

  /** Those from a place on, then the step of the weights; a promise only where something is waited for. */
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
    this.#applyTotal(plan.learningRate)
    this.#publishWeights()
    return undefined
  }

  /** Adds the gradients of a batch to those of the step. */
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
    const gradients = this.#differentiation.run(batch, running, [seed])
    tf.dispose([batch.inputs, batch.labels, seed])
    this.#addOwn(gradients, batch.count / samples, start === plan.start)
    tf.dispose(gradients)
    const waiting = this.#team.answers()
    if (waiting) return waiting.then(() => this.#addOthers(samples, running))
    this.#addOthers(samples, running)
    return undefined
  }

  async stop(): Promise<void> {
    this.#reader.release()
    this.#differentiation.dispose()
    this.#update.dispose()
    await this.#team.stop()
  }

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

  #addOwn(gradients: readonly tf.Tensor[], weight: number, isFirst: boolean): void {
    const total = this.#total
    let offset = 0
    for (const gradient of gradients) {
      const { size } = gradient
      const own = gradient.dataSync()
      for (let index = 0; index < size; index++) {
        const value = own[index]! * weight
        total[offset + index] = isFirst ? value : total[offset + index]! + value
      }
      offset += size
    }
  }

  /** @param samples Of the whole step. */
  #addOthers(samples: number, running: RunningLogs): void {
    const total = this.#total
    for (const { control, gradients, sums } of this.#team.memories) {
      const share = control[controlSlots.samples]!
      if (share === 0) continue
      const weight = share / samples
      for (let index = 0; index < total.length; index++) total[index]! += gradients[index]! * weight
      running.addSums(sums, share)
    }
  }

  #applyTotal(learningRate: number): void {
    let offset = 0
    const gradients = this.#variables.map(({ size, shape }) => {
      offset += size
      return tf.tensor(this.#total.subarray(offset - size, offset), shape)
    })
    const inputs = [tf.scalar(learningRate), ...gradients]
    this.#update.run(inputs)
    tf.dispose(inputs)
  }

  #publishWeights(): void {
    const { weights } = this.#team.memories[0]!
    let offset = 0
    for (const variable of this.#variables) {
      weights.set(variable.dataSync(), offset)
      offset += variable.size
    }
  }
}
