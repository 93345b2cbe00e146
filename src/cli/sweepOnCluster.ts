/** The part of `shapewright sweep` for clusters: submits a sweep to Slurm, reports and cancels its tasks, and prints what Kubernetes takes. */
import { relative, resolve, sep } from 'node:path'
import { countOf } from '../diagnostics/formatCount.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { KnownError } from '../system/knownError.ts'
import type { Executor } from '../tasks/sweep/executors/executor.ts'
import type { Unit } from '../tasks/sweep/units.ts'
import type { clusterOptions } from './commands/clusterOptions.ts'
import type { ValuesOf } from './commands/declareCommand.ts'

export type ClusterOptions = ValuesOf<typeof clusterOptions> & { readonly parallel?: number }

/** A sweep, as its jobs need it. */
export interface ClusterSweep {
  readonly folder: string
  readonly name: string
  readonly units: readonly Unit[]
  /** Starts shapewright: `['node', '…/bin.cjs']`. */
  readonly program: readonly string[]
}

/** Prints the job script and the commands for Slurm, or the manifest for Kubernetes. Nothing is written or submitted. */
export async function printJobs(sweep: ClusterSweep, options: ClusterOptions): Promise<number> {
  if (options.executor === 'slurm') {
    const { slurmCommands, slurmScriptOf } = await import('../tasks/sweep/executors/slurm.ts')
    const slurm = slurmOptions(sweep, options)
    const commands = slurmCommands(slurm, options.parallel ?? 0)
    process.stdout.write(`${slurmScriptOf(slurm)}${commands.map((line) => `# ${line}\n`).join('')}`)
    return exitCodes.fine
  }
  if (options.executor === 'kubernetes') {
    const { printKubernetesJobs } = await import('../tasks/sweep/executors/kubernetes.ts')
    const { cpus, image, claim, parallel: limit = Infinity } = options
    if (image === undefined || claim === undefined) {
      throw new KnownError(
        'usage',
        '--executor kubernetes needs --image and --claim',
        'name the image of the pods and the volume claim with the project folder',
      )
    }
    process.stdout.write(
      printKubernetesJobs({ ...sweep, folder: folderInProject(sweep.folder), limit, cpus, image, claim }),
    )
    return exitCodes.fine
  }
  throw new KnownError(
    'usage',
    `--dry-run does not apply to --executor ${options.executor}`,
    'use --plan to see the trials',
  )
}

/** The sweep folder relative to the project folder, which is mounted in pods. */
function folderInProject(folder: string): string {
  const path = relative('', folder)
  if (path.split(sep)[0] !== '..') return path.replaceAll(sep, '/')
  throw new KnownError(
    'usage',
    `${folder} is outside the current folder`,
    'run the command in the project folder, which contains the sweep and its data',
  )
}

/** Submits the units that are left to Slurm, and returns while they are queued. */
export async function submitToSlurm(
  sweep: ClusterSweep,
  options: ClusterOptions,
  signal?: AbortSignal,
): Promise<number> {
  const { submitSweep } = await import('../tasks/sweep/submitSweep.ts')
  const executor = await slurmExecutor(sweep, options, signal)
  const { submitted, live } = await submitSweep(sweep.folder, executor, {
    parallel: options.parallel ?? 0,
    commandOf: (unit) => ({ unit, command: jobCommand(sweep, `${unit}`), folder: sweep.folder, log: '' }),
  })
  if (signal?.aborted) {
    process.stderr.write('Interrupted: the submitted tasks were canceled.\n')
    return exitCodes.interrupted
  }
  const rest = live === 0 ? '' : `; ${live} were queued or running`
  process.stderr.write(
    submitted + live === 0 ? 'All trials have ended.\n' : `Submitted ${countOf(submitted, 'unit')} to Slurm${rest}.\n`,
  )
  process.stdout.write(`${sweep.folder}\n`)
  return exitCodes.fine
}

/** Describes what Slurm has of the units that have not ended: `3 running, 5 queued, 1 lost`. */
export async function describeQueue(
  sweep: ClusterSweep,
  left: readonly number[],
  options: ClusterOptions,
): Promise<string> {
  const statuses = await (await slurmExecutor(sweep, options)).status()
  const counts = { running: 0, queued: 0, lost: 0 }
  for (const unit of left) {
    const state = statuses.get(unit)?.state
    counts[state === 'running' ? 'running' : state === 'pending' ? 'queued' : 'lost'] += 1
  }
  const parts = Object.entries(counts).flatMap(([state, count]) => (count === 0 ? [] : [`${count} ${state}`]))
  return parts.join(', ')
}

export async function cancelOnSlurm(sweep: ClusterSweep, options: ClusterOptions): Promise<number> {
  await (await slurmExecutor(sweep, options)).cancel()
  return exitCodes.fine
}

/** The executor of Ray. Lost jobs are reported on stderr. */
export async function rayExecutor({ folder, name }: ClusterSweep, options: ClusterOptions): Promise<Executor> {
  const { createRayExecutor } = await import('../tasks/sweep/executors/ray.ts')
  const { findRay } = await import('../tasks/sweep/executors/rayJobs.ts')
  return createRayExecutor({
    server: findRay(options.rayAddress, process.env),
    folder,
    name,
    cpus: options.cpus,
    onLost: (unit, reason) => process.stderr.write(`Ray lost unit ${unit}, which is submitted again: ${reason}\n`),
  })
}

async function slurmExecutor(sweep: ClusterSweep, options: ClusterOptions, signal?: AbortSignal): Promise<Executor> {
  const { createSlurmExecutor } = await import('../tasks/sweep/executors/slurm.ts')
  return createSlurmExecutor({ ...slurmOptions(sweep, options), ...(signal && { signal }) })
}

function slurmOptions(sweep: ClusterSweep, { cpus, sbatch = [] }: ClusterOptions) {
  return { ...sweep, command: jobCommand(sweep), cpus, sbatch }
}

/** The command of a unit as a job, with or without the number of the unit. */
function jobCommand({ program, folder }: ClusterSweep, ...unit: readonly string[]): string[] {
  return [...program, 'sweep', resolve(folder), '--unit', ...unit]
}
