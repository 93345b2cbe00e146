/** Runs the units of a sweep as jobs of Ray. The submitter stays: Ray neither limits the jobs of a sweep nor restarts lost ones. */
import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { exitCodes } from '../../../system/exitCodes.ts'
import { quoteForShell } from '../../../system/quoteForShell.ts'
import { readLogEnd } from '../logEnd.ts'
import type { Executor, UnitCommand, UnitStatus } from './executor.ts'
import { listJobs, stopJob, submitJob, type RayJob, type RayServer } from './rayJobs.ts'
import { signalName } from './signalName.ts'

export interface RayOptions {
  readonly server: RayServer
  /** The sweep folder, on a file system that all nodes share. */
  readonly folder: string
  readonly name: string
  /** The processors of each job. */
  readonly cpus: number
  readonly gpus?: number
  /** Called when a lost job is submitted again. */
  onLost?(unit: number, reason: string): void
}

/** How often a unit is submitted again after Ray has lost its job, in one session. */
const allowedLosses = 5

/** Creates the executor of a sweep. It finds the jobs of an earlier submitter by their metadata and continues with them. */
export function createRayExecutor(options: RayOptions): Executor {
  return new RayExecutor(options)
}

class RayExecutor implements Executor {
  readonly name = 'ray'
  readonly #options: RayOptions
  readonly #sweep: string
  /** The start of the names of the jobs of this sweep. */
  readonly #prefix: string
  readonly #commands = new Map<number, UnitCommand>()
  /** Units that wait for a place in the window, in their order. */
  readonly #waiting = new Set<number>()
  readonly #canceled = new Set<number>()
  readonly #losses = new Map<number, number>()
  #window = 1

  constructor(options: RayOptions) {
    this.#options = options
    this.#sweep = resolve(options.folder)
    const digest = createHash('sha256').update(this.#sweep).digest('hex')
    this.#prefix = `${options.name}-${digest.slice(0, 8)}`
  }

  async submit(units: readonly UnitCommand[], limit: number): Promise<void> {
    if (units.length === 0) return
    this.#window = limit
    const jobs = await this.#readTrialJobs()
    for (const command of units) {
      this.#commands.set(command.unit, command)
      this.#canceled.delete(command.unit)
      const job = jobs.get(this.#trialOf(command.unit))
      if (job === undefined || !isLive(job)) this.#waiting.add(command.unit)
    }
    await this.#fillWindow(jobs)
  }

  async status(): Promise<ReadonlyMap<number, UnitStatus>> {
    await this.#fillWindow(await this.#readTrialJobs())
    const jobs = await this.#readTrialJobs()
    return new Map(
      [...this.#commands.keys()].map((unit) => [unit, this.#statusOf(unit, jobs.get(this.#trialOf(unit)))]),
    )
  }

  async cancel(): Promise<void> {
    const jobs = await this.#readTrialJobs()
    for (const unit of this.#commands.keys()) {
      this.#waiting.delete(unit)
      this.#canceled.add(unit)
      const job = jobs.get(this.#trialOf(unit))
      if (job && isLive(job)) await stopJob(this.#options.server, job.submission_id)
    }
  }

  async logs(unit: number): Promise<string> {
    const command = this.#commands.get(unit)
    return command === undefined ? '' : readLogEnd(command.log, Number.POSITIVE_INFINITY)
  }

  #trialOf(unit: number): string {
    return basename(this.#commands.get(unit)!.folder)
  }

  #statusOf(unit: number, job: TrialJob | undefined): UnitStatus {
    if (this.#waiting.has(unit)) return { state: 'pending' }
    const isCanceled = this.#canceled.has(unit) && !(job && isLive(job))
    if (isCanceled) return { state: 'ended', exitCode: exitCodes.interrupted }
    return job === undefined ? { state: 'lost' } : statusOf(job)
  }

  /** The newest job of each trial, by the folder of the trial. */
  async #readTrialJobs(): Promise<Map<string, TrialJob>> {
    const jobs = (await listJobs(this.#options.server)).flatMap((job): TrialJob[] => {
      const { sweep, trial = '', attempt } = job.metadata ?? {}
      return sweep === this.#sweep ? [{ ...job, trial, attempt: Number(attempt) }] : []
    })
    return new Map(jobs.toSorted((one, other) => one.attempt - other.attempt).map((job) => [job.trial, job]))
  }

  /** Puts lost units back into the queue, then fills the window. */
  async #fillWindow(jobs: ReadonlyMap<string, TrialJob>): Promise<void> {
    for (const unit of this.#commands.keys()) {
      if (this.#waiting.has(unit) || this.#canceled.has(unit)) continue
      const job = jobs.get(this.#trialOf(unit))
      const isLost = job === undefined || statusOf(job).state === 'lost'
      const count = (this.#losses.get(unit) ?? 0) + 1
      if (!isLost || count > allowedLosses) continue
      this.#losses.set(unit, count)
      this.#waiting.add(unit)
      this.#options.onLost?.(unit, job?.message?.split('\n')[0] ?? 'Ray does not know the job')
    }
    const places = Math.max(0, this.#window - [...jobs.values()].filter(isLive).length)
    for (const unit of [...this.#waiting].slice(0, places)) await this.#start(unit, jobs.get(this.#trialOf(unit)))
  }

  async #start(unit: number, before: TrialJob | undefined): Promise<void> {
    const { server, cpus, gpus } = this.#options
    const { command, log } = this.#commands.get(unit)!
    const trial = this.#trialOf(unit)
    const attempt = (before?.attempt ?? -1) + 1
    // With the job and its restarts, a trial can take over the lock of an attempt that was lost.
    const environment = [`SHAPEWRIGHT_JOB=${this.#prefix}-${trial}`, `SHAPEWRIGHT_JOB_RESTARTS=${attempt}`]
    const words = ['exec', 'env', ...environment, ...command].map(quoteForShell)
    // Ray starts jobs in a folder of its own; paths in the command are relative to the present one.
    const here = quoteForShell(process.cwd())
    await submitJob(server, {
      submission_id: `${this.#prefix}-${trial}-${attempt}`,
      entrypoint: `cd ${here} && ${words.join(' ')} >> ${quoteForShell(log)} 2>&1`,
      entrypoint_num_cpus: cpus,
      ...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
      metadata: { sweep: this.#sweep, trial, attempt: `${attempt}` },
    })
    this.#waiting.delete(unit)
  }
}

interface TrialJob extends RayJob {
  /** The name of the folder of the trial. */
  readonly trial: string
  /** The number of jobs that the trial had before. */
  readonly attempt: number
}

function isLive({ status }: RayJob): boolean {
  return status === 'PENDING' || status === 'RUNNING'
}

function statusOf(job: RayJob): UnitStatus {
  const { start_time: start, end_time: end, driver_exit_code: exitCode } = job
  const seconds = start !== undefined && end ? { seconds: (end - start) / 1000 } : {}
  switch (job.status) {
    case 'PENDING':
      return { state: 'pending' }
    case 'RUNNING':
      return { state: 'running', host: hostOf(job) }
    case 'SUCCEEDED':
      return { state: 'ended', exitCode: 0, ...seconds }
    case 'STOPPED':
      // Somebody stopped the job, and the trial has saved a checkpoint.
      return { state: 'ended', exitCode: exitCodes.interrupted, ...seconds }
    case 'FAILED':
      if (exitCode === undefined || exitCode === null) return { state: 'lost' }
      return exitCode >= 0
        ? { state: 'ended', exitCode, ...seconds }
        : { state: 'ended', signal: signalName(-exitCode), ...seconds }
  }
}

/** The host of the node agent, which is that of the job. */
function hostOf({ driver_agent_http_address: address }: RayJob): string {
  return address && URL.canParse(address) ? new URL(address).hostname : 'ray'
}
