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

/** The executor of a sweep. It finds the jobs of an earlier submitter by their metadata and continues with them. */
export function createRayExecutor({ server, folder, name, cpus, gpus, onLost }: RayOptions): Executor {
  const sweep = resolve(folder)
  const prefix = `${name}-${createHash('sha256').update(sweep).digest('hex').slice(0, 8)}`
  const commands = new Map<number, UnitCommand>()
  /** Units that wait for a place in the window, in their order. */
  const waiting = new Set<number>()
  const canceled = new Set<number>()
  const losses = new Map<number, number>()
  let window = 1

  /** The newest job of each trial, by the folder of the trial. */
  const readTrialJobs = async (): Promise<Map<string, TrialJob>> => {
    const jobs = (await listJobs(server)).flatMap((job): TrialJob[] => {
      const { sweep: itsSweep, trial = '', attempt } = job.metadata ?? {}
      return itsSweep === sweep ? [{ ...job, trial, attempt: Number(attempt) }] : []
    })
    return new Map(jobs.toSorted((one, other) => one.attempt - other.attempt).map((job) => [job.trial, job]))
  }
  const trialOf = (unit: number): string => basename(commands.get(unit)!.folder)

  const start = async (unit: number, before: TrialJob | undefined): Promise<void> => {
    const { command, log } = commands.get(unit)!
    const trial = trialOf(unit)
    const attempt = (before?.attempt ?? -1) + 1
    // With the job and its restarts, a trial can take over the lock of an attempt that was lost.
    const environment = [`SHAPEWRIGHT_JOB=${prefix}-${trial}`, `SHAPEWRIGHT_JOB_RESTARTS=${attempt}`]
    const words = ['exec', 'env', ...environment, ...command].map(quoteForShell)
    // Ray starts jobs in a folder of its own; paths in the command are relative to the present one.
    const here = quoteForShell(process.cwd())
    await submitJob(server, {
      submission_id: `${prefix}-${trial}-${attempt}`,
      entrypoint: `cd ${here} && ${words.join(' ')} >> ${quoteForShell(log)} 2>&1`,
      entrypoint_num_cpus: cpus,
      ...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
      metadata: { sweep, trial, attempt: `${attempt}` },
    })
    waiting.delete(unit)
  }

  /** Puts lost units back into the queue, then fills the window. */
  const fillWindow = async (jobs: ReadonlyMap<string, TrialJob>): Promise<void> => {
    for (const unit of commands.keys()) {
      if (waiting.has(unit) || canceled.has(unit)) continue
      const job = jobs.get(trialOf(unit))
      const isLost = job === undefined || statusOf(job).state === 'lost'
      const count = (losses.get(unit) ?? 0) + 1
      if (!isLost || count > allowedLosses) continue
      losses.set(unit, count)
      waiting.add(unit)
      onLost?.(unit, job?.message?.split('\n')[0] ?? 'Ray does not know the job')
    }
    const live = [...jobs.values()].filter(isLive).length
    for (const unit of [...waiting].slice(0, Math.max(0, window - live))) await start(unit, jobs.get(trialOf(unit)))
  }

  return {
    name: 'ray',
    async submit(units, limit) {
      if (units.length === 0) return
      window = limit
      const jobs = await readTrialJobs()
      for (const command of units) {
        commands.set(command.unit, command)
        canceled.delete(command.unit)
        const job = jobs.get(trialOf(command.unit))
        if (job === undefined || !isLive(job)) waiting.add(command.unit)
      }
      await fillWindow(jobs)
    },
    async status() {
      await fillWindow(await readTrialJobs())
      const jobs = await readTrialJobs()
      return new Map(
        [...commands.keys()].map((unit): [number, UnitStatus] => {
          const job = jobs.get(trialOf(unit))
          if (waiting.has(unit)) return [unit, { state: 'pending' }]
          if (canceled.has(unit) && !(job && isLive(job)))
            return [unit, { state: 'ended', exitCode: exitCodes.interrupted }]
          return [unit, job === undefined ? { state: 'lost' } : statusOf(job)]
        }),
      )
    },
    async cancel(units = [...commands.keys()]) {
      const jobs = await readTrialJobs()
      for (const unit of units) {
        waiting.delete(unit)
        canceled.add(unit)
        const job = jobs.get(trialOf(unit))
        if (job && isLive(job)) await stopJob(server, job.submission_id)
      }
    },
    async logs(unit) {
      const command = commands.get(unit)
      return command === undefined ? '' : readLogEnd(command.log, Number.POSITIVE_INFINITY)
    },
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
