import * as tf from '@tensorflow/tfjs'
import { labelValues } from '../data/batches.ts'
import { tensorOf } from '../data/tensorValues.ts'
import { type BatchStep, differentiationStep } from '../training/batchStep.ts'
import { startWasmEngine } from '../engines/wasmEngine.ts'
import { usePrecision } from '../kernels/precision.ts'
import { type Experiment } from '../training/experiment.ts'
import { objectivesOf, type OutputObjective } from '../training/objective.ts'
import { mixSeed } from '../../script/random.ts'
import { assignValues } from '../../script/weightValues.ts'
import { seedOfStep } from '../../script/draws.ts'
import { RunningLogs } from '../training/runningLogs.ts'
import { findTrainableVariables } from '../training/trainingStep.ts'
import { controlSlots, type ReplicaMemory } from './replicaMemory.ts'
import { awaitReplicaOrder, type ReplicaOrder } from './replicaOrder.ts'
import { viewValues } from './viewValues.ts'

/** Serves a replica: computes gradients for the steps of the main thread until that terminates the thread. */
export async function serveReplica(experiment: Experiment): Promise<never> {
  const ordering = awaitReplicaOrder()
  await startWasmEngine()
  const order = await ordering
  await usePrecision(order.precision)
  const model = experiment.buildModel(order.seed)
  for (const [index, values] of order.fixedWeights?.entries() ?? []) {
    assignValues(model.nonTrainableWeights[index]!.read() as tf.Variable, values)
  }
  const variables = findTrainableVariables(model)
  const objectives = objectivesOf(experiment).map((objective, index) => {
    const numbers = order.numbers[index]
    return numbers ? { ...objective, numbers } : objective
  })
  const differentiation = differentiationStep(model, variables, objectives)
  const { control } = order.memory
  // The first answer only confirms that the replica has started.
  for (let answered = 1; ; answered++) {
    Atomics.store(control, controlSlots.answered, answered)
    Atomics.notify(control, controlSlots.answered)
    while (Atomics.load(control, controlSlots.asked) === answered) Atomics.wait(control, controlSlots.asked, answered)
    if (control[controlSlots.samples]! > 0) tf.tidy(() => answerStep(differentiation, objectives, order, variables))
  }
}

function answerStep(
  differentiation: BatchStep,
  objectives: readonly OutputObjective[],
  { thread, seed, sampleShape, memory }: ReplicaOrder,
  variables: tf.Variable[],
): void {
  const count = memory.control[controlSlots.samples]!
  takeWeights(memory, variables)
  const sampleSize = sampleShape.reduce((product, length) => product * length, 1)
  const labelSize = (memory.labels.length * sampleSize) / memory.inputs.length
  const batch = {
    inputs: tf.tensor(memory.inputs.subarray(0, count * sampleSize), [count, ...sampleShape], 'float32'),
    labels: tensorOf(labelValues(memory.labels.subarray(0, count * labelSize), count)),
    count,
  }
  const drawn = seedOfStep(mixSeed(seed, thread), memory.control[controlSlots.step]!)
  const running = new RunningLogs(objectives)
  let offset = 0
  for (const gradient of differentiation.run(batch, running, [drawn])) {
    memory.gradients.set(viewValues(gradient), offset)
    offset += gradient.size
  }
  memory.sums.set(running.sums)
}

function takeWeights({ weights }: ReplicaMemory, variables: readonly tf.Variable[]): void {
  let offset = 0
  for (const variable of variables) {
    variable.assign(tf.tensor(weights.subarray(offset, offset + variable.size), variable.shape))
    offset += variable.size
  }
}
