import { Worker } from 'node:worker_threads'
import { TrainingError } from '../trainingError.ts'
import { allocateReplicaMemory, controlSlots, type ReplicaMemory, sharedFloats } from './replicaMemory.ts'
import { type ReplicaOrder } from './replicaOrder.ts'
import { type Replicas, type Team, type TeamPlan } from './team.ts'

/**
 * Replicas in threads that run a module of their own.
 *
 * @param replicaEntry The URL of that module. Where `isReplicaOf` says so, it calls `serveReplica`.
 * @param data What it needs to know besides; plain data.
 */
export function replicaThreads(replicaEntry: string, data?: unknown): Replicas {
  return { startTeam: (plan) => startThreads(replicaEntry, data, plan) }
}

/**
 * What a thread runs first: it imports the module that serves the replica. Where that is TypeScript and Node does not
 * read it, tsx does: the one that runs this process, else the one that the module sees. By itself tsx serves only the
 * main thread.
 */
const replicaStart = `
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')
const { workerData: { replicaEntry } } = require('node:worker_threads')

async function start() {
  if (replicaEntry.endsWith('.ts') && !process.features.typescript) {
    const running = process.execArgv.find((option) => /tsx.*loader\\.mjs$/.test(option))
    const loader = running ?? pathToFileURL(createRequire(replicaEntry).resolve('tsx'))
    const { register } = await import(new URL('esm/api/index.mjs', loader).href)
    register()
  }
  await import(replicaEntry)
}

start().catch((error) => setImmediate(() => { throw error }))
`

/** A thread and what became of it. */
interface ReplicaThread {
  readonly worker: Worker
  readonly memory: ReplicaMemory
}

async function startThreads(replicaEntry: string, data: unknown, plan: TeamPlan): Promise<Team> {
  const weights = sharedFloats(plan.sizes.weights)
  const threads = Array.from({ length: plan.threads - 1 }, (_, index): ReplicaThread => {
    const memory = allocateReplicaMemory(plan.sizes, weights)
    const { seed, sampleShape, numbers } = plan
    const order: ReplicaOrder = { replicaEntry, data, thread: index + 1, seed, sampleShape, numbers, memory }
    return { memory, worker: new Worker(replicaStart, { eval: true, workerData: order }) }
  })
  const team = new ThreadTeam(threads)
  try {
    // The first answer is that the replica is there.
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
  #failed: TrainingError | undefined
  #asked = 0

  constructor(threads: readonly ReplicaThread[]) {
    this.#threads = threads
    this.memories = threads.map(({ memory }) => memory)
    for (const [index, { worker }] of threads.entries()) {
      const fail = (what: string): void => {
        this.#failed ??= new TrainingError(
          `Training thread ${index + 1} ${what}`,
          'Train in one thread, with `threads: 1`, to see whether it is the threads; a smaller batch needs less memory.',
        )
      }
      worker.on('error', (error) => fail(`failed: ${error instanceof Error ? error.message : String(error)}`))
      worker.on('exit', (code) => fail(`ended with the exit code ${code}.`))
    }
  }

  ask(): void {
    this.#asked++
    for (const { control } of this.memories) {
      Atomics.store(control, controlSlots.asked, this.#asked)
      Atomics.notify(control, controlSlots.asked)
    }
  }

  answers(): undefined | Promise<void> {
    if (this.#failed) throw this.#failed
    const until = performance.now() + longestWait
    const answered = this.memories.every((memory) => this.#answersUntil(memory, until))
    return answered ? undefined : this.#answersLater()
  }

  /** While it waits, the event loop has its turns: only so does this thread hear that another has ended. */
  async #answersLater(): Promise<void> {
    while (!this.memories.every((memory) => this.#answersUntil(memory, performance.now() + longestWait))) {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      if (this.#failed) throw this.#failed
    }
  }

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

/** For how many milliseconds the main thread waits for the others without a look at its own events. */
const longestWait = 50
