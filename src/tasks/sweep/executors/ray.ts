/** Runs the units of a sweep as jobs of Ray. The submitter stays: Ray neither limits the jobs of a sweep nor restarts lost ones. */
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { quoteForShell } from '../../../system/quoteForShell.ts'
import type { Executor, UnitCommand, UnitStatus } from './executor.ts'
import { listJobs, readLogs, stopJob, submitJob, type RayJob, type RayServer } from './rayJobs.ts'
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
  /** Units that wait for a place in the window, in their order. */
  const waiting = new Map<number, UnitCommand>()
  /** Units of this session that have a job. */
  const submitted = new Map<number, UnitCommand>()
  const losses = new Map<number, number>()
  let window = 1

  /** The newest job of each unit. */
  const readUnitJobs = async (): Promise<Map<number, UnitJob>> => {
    const jobs = (await listJobs(server)).flatMap((job): UnitJob[] =>
      job.metadata?.['sweep'] === sweep ? [{ ...job, unit: Number(job.metadata['unit']), attempt: Number(job.metadata['attempt']) }] : [],
    )
    return new Map(jobs.toSorted((one, other) => one.attempt - other.attempt).map((job) => [job.unit, job]))
  }

  const start = async (command: UnitCommand, before: UnitJob | undefined): Promise<void> => {
    const { unit } = command
    const attempt = (before?.attempt ?? -1) + 1
    // The job number lets a trial take over the lock of the attempt that was lost.
    const environment = [`SHAPEWRIGHT_JOB=${prefix}-${unit}`, `SHAPEWRIGHT_JOB_RESTARTS=${attempt}`]
    await submitJob(server, {
      submission_id: `${prefix}-${unit}-${attempt}`,
      entrypoint: ['exec', 'env', ...environment, ...command.command].map(quoteForShell).join(' '),
      entrypoint_num_cpus: cpus,
      ...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
      metadata: { sweep, unit: `${unit}`, attempt: `${attempt}` },
    })
    waiting.delete(unit)
    submitted.set(unit, command)
  }

  /** Puts lost units back into the queue, then fills the window. */
  const fillWindow = async (jobs: ReadonlyMap<number, UnitJob>): Promise<void> => {
    for (const [unit, command] of submitted) {
      const job = jobs.get(unit)
      const isLost = job === undefined || statusOf(job).state === 'lost'
      const count = (losses.get(unit) ?? 0) + 1
      if (!isLost || count > allowedLosses) continue
      losses.set(unit, count)
      submitted.delete(unit)
      waiting.set(unit, command)
      onLost?.(unit, job?.message?.split('\n')[0] ?? 'Ray does not know the job')
    }
    const live = [...jobs.values()].filter(isLive).length
    const next = [...waiting.values()].toSorted((one, other) => one.unit - other.unit).slice(0, Math.max(0, window - live))
    for (const command of next) await start(command, jobs.get(command.unit))
  }

  return {
    name: 'ray',
    async submit(commands, limit) {
      window = limit
      const jobs = await readUnitJobs()
      for (const command of commands) {
        const job = jobs.get(command.unit)
        if (job && isLive(job)) submitted.set(command.unit, command)
        else waiting.set(command.unit, command)
      }
      await fillWindow(jobs)
    },
    async status() {
      await fillWindow(await readUnitJobs())
      const jobs = await readUnitJobs()
      const units = [...waiting.keys(), ...submitted.keys()]
      return new Map(
        units.map((unit): [number, UnitStatus] => {
          const job = waiting.has(unit) ? undefined : jobs.get(unit)
          return [unit, job === undefined ? { state: waiting.has(unit) ? 'pending' : 'lost' } : statusOf(job)]
        }),
      )
    },
    async cancel(units) {
      const isMeant = (unit: number) => units === undefined || units.includes(unit)
      for (const unit of waiting.keys()) if (isMeant(unit)) waiting.delete(unit)
      const live = [...(await readUnitJobs()).values()].filter((job) => isLive(job) && isMeant(job.unit))
      await Promise.all(live.map(({ submission_id: id }) => stopJob(server, id)))
    },
    async logs(unit) {
      const job = (await readUnitJobs()).get(unit)
      return job === undefined ? '' : await readLogs(server, job.submission_id)
    },
  }
}

interface UnitJob extends RayJob {
  readonly unit: number
  /** The number of jobs that the unit had before. */
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
      return { state: 'ended', exitCode: 130, ...seconds }
    case 'FAILED':
      if (exitCode === undefined || exitCode === null) return { state: 'lost' }
      return exitCode >= 0 ? { state: 'ended', exitCode, ...seconds } : { state: 'ended', signal: signalName(-exitCode), ...seconds }
  }
}

/** The host of the node agent, which is that of the job. */
function hostOf({ driver_agent_http_address: address }: RayJob): string {
  return address && URL.canParse(address) ? new URL(address).hostname : 'ray'
}
