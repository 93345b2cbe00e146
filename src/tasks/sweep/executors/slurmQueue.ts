/** Calls the programs of Slurm, and reads what its queue says about the tasks of array jobs. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { KnownError } from '../../../system/knownError.ts'
import type { UnitStatus } from './executor.ts'
import { signalName } from './signalName.ts'

const run = promisify(execFile)

/** @throws KnownError with the first line that the program printed, if it failed. */
export async function callSlurm(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(program, args, { maxBuffer: 1 << 28 })).stdout
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string }
    if (code === 'ENOENT') {
      throw new KnownError(
        'usage',
        `--executor slurm needs ${program}, which is not installed here`,
        'run the command on a login node of the cluster',
      )
    }
    const reason = stderr
      .trim()
      .replace(/^\w+: error: /, '')
      .split('\n')[0]
    throw new KnownError(
      'usage',
      `${program} failed: ${reason || `exit code ${String(code)}`}`,
      `its arguments were: ${args.join(' ')}`,
    )
  }
}

/** A task of an array job, as the queue lists it. */
export interface QueuedTask {
  readonly job: string
  readonly index: number
  /** Why a pending task waits: `Resources`, `JobArrayTaskLimit`. */
  readonly reason: string
  readonly status: UnitStatus
}

/** The tasks of jobs that the queue still knows; those that ended are in it for a few minutes. */
export async function readQueue(jobs: readonly string[]): Promise<QueuedTask[]> {
  if (jobs.length === 0) return []
  const fields = ['ArrayJobID', 'ArrayTaskID', 'State', 'Reason', 'NodeList', 'exit_code'].map((name) => `${name}:|`)
  const text = await callSlurm('squeue', [
    '--me',
    '--noheader',
    '--array',
    '--states=all',
    `--Format=${fields.join(',')}`,
  ])
  return parseQueue(text).filter(({ job }) => jobs.includes(job))
}

export function parseQueue(text: string): QueuedTask[] {
  return text.split('\n').flatMap((line) => {
    const [job, index = '', state = '', reason = '', host = '', exitCode = ''] = line.split('|')
    if (job === undefined || !/^\d+$/.test(index)) return []
    return [{ job, index: Number(index), reason, status: statusOf(state, host, Number(exitCode)) }]
  })
}

/** @param exitCode As wait(2) reports it: a signal in the low bits, the exit code above. */
function statusOf(state: string, host: string, exitCode: number): UnitStatus {
  if (pending.has(state)) return { state: 'pending' }
  if (running.has(state)) return { state: 'running', host }
  if (state === 'NODE_FAIL') return { state: 'lost' }
  const signal = exitCode & 0x7f
  return signal === 0 ? { state: 'ended', exitCode: exitCode >> 8 } : { state: 'ended', signal: signalName(signal) }
}

const pending = new Set(['PENDING', 'REQUEUED', 'REQUEUE_FED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'RESV_DEL_HOLD'])
const running = new Set([
  'RUNNING',
  'CONFIGURING',
  'COMPLETING',
  'RESIZING',
  'SIGNALING',
  'STAGE_OUT',
  'STOPPED',
  'SUSPENDED',
])
