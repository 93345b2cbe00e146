/** Runs replicas of a network in worker threads. */
import type { Worker } from 'node:worker_threads'
import { KnownError } from '../../system/knownError.ts'
import { startModuleThread } from '../../system/moduleThread.ts'
import { allocateReplicaMemory, controlSlots, type ReplicaMemory, sharedFloats } from './replicaMemory.ts'
import { type ReplicaOrder, type ReplicaTask } from './replicaOrder.ts'
import { type Replicas, type Team, type TeamPlan } from './team.ts'

/**
 * Creates replicas in threads that run their own module.
 *
 * @param replicaEntry The URL of that module. It calls `serveReplica` if `isReplicaOf` is true.
 * @param data Other plain data for that module.
 */
export function replicaThreads(replicaEntry: string, data?: unknown): Replicas {
  const task: ReplicaTask = { replicaEntry, data }
  /** The threads that are not in a team yet. */
  const waiting: ReplicaThread[] = []
  const prepareTeam = (threads: number): void => {
    while (waiting.length < threads - 1) waiting.push(new ReplicaThread(task))
  }
  return {
    prepareTeam,
    async startTeam(plan) {
      prepareTeam(plan.threads)
      return await orderTeam(waiting.splice(0, plan.threads - 1), plan)
    },
    async release() {
      await Promise.all(waiting.splice(0).map(({ worker }) => worker.terminate()))
    },
  }
}

/** A worker thread and the reason why it ended. */
class ReplicaThread {
  readonly worker: Worker
  /** The reason why the thread ended; undefined while it runs. */
  failure: string | undefined

  constructor(task: ReplicaTask) {
    this.worker = startModuleThread(task.replicaEntry, task)
    this.worker.on('error', (error) => {
      this.failure ??= `failed: ${error instanceof Error ? error.message : String(error)}`
    })
    this.worker.on('exit', (code) => {
      this.failure ??= `ended with the exit code ${code}.`
    })
  }
}

async function orderTeam(threads: readonly ReplicaThread[], plan: TeamPlan): Promise<Team> {
  const { seed, precision, sampleShape, numbers, sizes, fixedWeights } = plan
  const weights = sharedFloats(sizes.weights)
  const memories = threads.map(({ worker }, index) => {
    const memory = allocateReplicaMemory(sizes, weights)
    const order: ReplicaOrder = { thread: index + 1, seed, precision, sampleShape, numbers, memory, fixedWeights }
    worker.postMessage(order, [])
    return memory
  })
  const team = new ThreadTeam(threads, memories)
  try {
    // The first answer only confirms that the replica has started.
    team.ask()
    await team.answers()
  } catch (error) {
    await team.stop()
    throw error
  }
  return team
}

class ThreadTeam implements Team {
  readonly memories: readonly ReplicaMemory[]
  readonly #threads: readonly ReplicaThread[]
  #asked = 0

  constructor(threads: readonly ReplicaThread[], memories: readonly ReplicaMemory[]) {
    this.#threads = threads
    this.memories = memories
  }

  ask(): void {
    this.#asked++
    for (const { control } of this.memories) {
      Atomics.store(control, controlSlots.asked, this.#asked)
      Atomics.notify(control, controlSlots.asked)
    }
  }

  answers(): undefined | Promise<void> {
    this.#throwIfFailed()
    const until = performance.now() + longestWait
    const answered = this.memories.every((memory) => this.#answersUntil(memory, until))
    return answered ? undefined : this.#answersLater()
  }

  /** Waits with turns of the event loop in between: without them, this thread gets no event when another one ends. */
  async #answersLater(): Promise<void> {
    while (!this.memories.every((memory) => this.#answersUntil(memory, performance.now() + longestWait))) {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      this.#throwIfFailed()
    }
  }

  /** @throws KnownError if a thread has failed. */
  #throwIfFailed(): void {
    const index = this.#threads.findIndex(({ failure }) => failure !== undefined)
    if (index < 0) return
    throw new KnownError(
      'training',
      `Training thread ${index + 1} ${this.#threads[index]!.failure}`,
      'Set `threads: 1` to check whether the threads are the cause; a smaller batch needs less memory.',
    )
  }

  /** Blocks until the replica has answered, or until the time `until` in milliseconds; returns whether it has. */
  #answersUntil({ control }: ReplicaMemory, until: number): boolean {
    for (;;) {
      const answered = Atomics.load(control, controlSlots.answered)
      if (answered === this.#asked) return true
      const milliseconds = until - performance.now()
      if (milliseconds <= 0) return false
      Atomics.wait(control, controlSlots.answered, answered, milliseconds)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}

/** The longest time for which the main thread blocks its event loop, in milliseconds. */
const longestWait = 50
