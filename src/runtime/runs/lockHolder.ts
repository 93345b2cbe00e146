/** Describes which process holds the lock of a run, and whether it has ended. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that trains in a run folder, as its lock describes it. */
export interface LockHolder {
  /** A random string, unique even if process numbers and host names are equal. */
  readonly token: string
  readonly pid: number
  readonly host: string
  /** The scope of the process number: the boot of a machine and its PID namespace. */
  readonly machine: string
  /** The start of the process in ticks since boot, if the system provides it. */
  readonly started?: string
  /** The scheduler job that the process belongs to. */
  readonly job?: SchedulerJob
  /** Seconds from one heartbeat to the next. */
  readonly heartbeat: number
}

export interface SchedulerJob {
  readonly id: string
  /** The number of times that the scheduler has restarted the job. */
  readonly restarts: number
}

export function describeThisProcess(token: string, heartbeat: number): LockHolder {
  const started = readProcess(process.pid)?.started
  const job = jobOf(process.env)
  return {
    token,
    pid: process.pid,
    host: hostname(),
    machine: machineName(),
    ...(started !== undefined && { started }),
    ...(job && { job }),
    heartbeat,
  }
}

/** Whether its process runs on this machine; processes elsewhere show only by their heartbeats. */
export function isOnThisMachine({ machine }: LockHolder): boolean {
  return machine === machineName()
}

/** Whether the process has certainly ended, even if another one has its number by now. */
export function hasEnded(holder: LockHolder): boolean {
  if (!isOnThisMachine(holder)) return false
  if (isProcessGone(holder.pid)) return true
  const found = readProcess(holder.pid)
  return found !== undefined && (found.isZombie || (holder.started !== undefined && found.started !== holder.started))
}

/** Whether no process of this machine has a number. */
export function isProcessGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/** Whether the later holder is a restart of the earlier one's job: a scheduler ends the process that it restarts. */
export function isRestartOf({ job: later }: LockHolder, { job: earlier }: LockHolder): boolean {
  return later !== undefined && later.id === earlier?.id && later.restarts > earlier.restarts
}

/** The environment variables of job number and restart count; the first pair that is set applies. */
const jobVariables = [
  ['SHAPEWRIGHT_JOB', 'SHAPEWRIGHT_JOB_RESTARTS'],
  ['SLURM_JOB_ID', 'SLURM_RESTART_COUNT'],
  ['AWS_BATCH_JOB_ID', 'AWS_BATCH_JOB_ATTEMPT'],
  ['TORCHELASTIC_RUN_ID', 'TORCHELASTIC_RESTART_COUNT'],
  ['RAY_JOB_ID', ''],
] as const

export function jobOf(environment: Readonly<Record<string, string | undefined>>): SchedulerJob | undefined {
  const [idVariable, restartsVariable = ''] = jobVariables.find(([name]) => environment[name]) ?? []
  if (idVariable !== undefined) {
    const restarts = Number(environment[restartsVariable] ?? 0)
    return { id: `${idVariable}=${environment[idVariable]}`, restarts: Number.isInteger(restarts) ? restarts : 0 }
  }
  const pod = environment['KUBERNETES_SERVICE_HOST'] && environment['HOSTNAME']
  return pod ? { id: `pod ${pod}`, restarts: 0 } : undefined
}

function machineName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Reads the start and state of a process; undefined if /proc is missing or belongs to another PID namespace. */
function readProcess(pid: number): { readonly started: string; readonly isZombie: boolean } | undefined {
  try {
    if (readlinkSync('/proc/self') !== `${process.pid}`) return undefined
    // The program name, which may contain anything, ends at the last parenthesis. Then the state comes first and the
    // start is the twentieth field (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { started: fields[19] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined
  }
}
