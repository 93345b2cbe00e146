import { Worker } from 'node:worker_threads'
import { KnownError } from '../../system/knownError.ts'
import { allocateReplicaMemory, controlSlots, type ReplicaMemory, sharedFloats } from './replicaMemory.ts'
import { type ReplicaOrder, type ReplicaTask } from './replicaOrder.ts'
import { type Replicas, type Team, type TeamPlan } from './team.ts'

/**
 * Replicas in threads that run a module of their own.
 *
 * @param replicaEntry The URL of that module. Where `isReplicaOf` says so, it calls `serveReplica`.
 * @param data What it needs to know besides; plain data.
 */
export function replicaThreads(replicaEntry: string, data?: unknown): Replicas {
  const task: ReplicaTask = { replicaEntry, data }
  /** Those that are in no team yet. */
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
class ReplicaThread {
  readonly worker: Worker
  /** How it ended, where it did. */
  failure: string | undefined

  constructor(task: ReplicaTask) {
    this.worker = new Worker(replicaStart, { eval: true, workerData: task })
    this.worker.on('error', (error) => {
      this.failure ??= `failed: ${error instanceof Error ? error.message : String(error)}`
    })
    this.worker.on('exit', (code) => {
      this.failure ??= `ended with the exit code ${code}.`
    })
  }
}

async function orderTeam(threads: readonly ReplicaThread[], plan: TeamPlan): Promise<Team> {
  const { seed, sampleShape, numbers, sizes } = plan
  const weights = sharedFloats(sizes.weights)
  const memories = threads.map(({ worker }, index) => {
    const memory = allocateReplicaMemory(sizes, weights)
    const order: ReplicaOrder = { thread: index + 1, seed, sampleShape, numbers, memory }
    worker.postMessage(order, [])
    return memory
  })
  const team = new ThreadTeam(threads, memories)
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
    this.#requireAll()
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
      this.#requireAll()
    }
  }

  /** @throws KnownError where a thread has failed. */
  #requireAll(): void {
    const index = this.#threads.findIndex(({ failure }) => failure !== undefined)
    if (index < 0) return
    throw new KnownError(
      'training',
      `Training thread ${index + 1} ${this.#threads[index]!.failure}`,
      'Train in one thread, with `threads: 1`, to see whether it is the threads; a smaller batch needs less memory.',
    )
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
