/** Which process holds the lock of a run, and whether it has ended. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that trains in a folder, as its lock names it. */
export interface LockHolder {
  /** Random, so that no two processes have the same, whatever their numbers and hosts are called. */
  readonly token: string
  readonly pid: number
  readonly host: string
  /** Where the number of the process counts: a boot of a machine, and a PID namespace of it. */
  readonly machine: string
  /** When the process began, in ticks since the boot, where the system says so. */
  readonly started?: string
  /** The job of a scheduler that the process belongs to. */
  readonly job?: SchedulerJob
  /** Seconds from one heartbeat to the next. */
  readonly heartbeat: number
}

export interface SchedulerJob {
  readonly id: string
  /** How often the scheduler has started the job again. */
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

/** Whether its process runs on this machine; of others, only heartbeats tell. */
export function isOnThisMachine({ machine }: LockHolder): boolean {
  return machine === machineName()
}

/** Whether the process is known to have ended: another one may have its number by now. */
export function hasEnded(holder: LockHolder): boolean {
  if (!isOnThisMachine(holder)) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  const found = readProcess(holder.pid)
  return found !== undefined && (found.isZombie || (holder.started !== undefined && found.started !== holder.started))
}

/** Whether the scheduler has started a job anew, which ends the process that it started before. */
export function isRestartOf({ job: later }: LockHolder, { job: earlier }: LockHolder): boolean {
  return later !== undefined && later.id === earlier?.id && later.restarts > earlier.restarts
}

/** Variables with the number of a job and with the count of its restarts; the first that is set decides. */
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

/** Undefined where the system does not say it of this process's own namespace. */
function readProcess(pid: number): { readonly started: string; readonly isZombie: boolean } | undefined {
  try {
    if (readlinkSync('/proc/self') !== `${process.pid}`) return undefined
    // After the name of the program, which may hold anything: the state first, the start as the twentieth (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { started: fields[19] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined
  }
}
