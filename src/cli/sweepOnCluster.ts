/** The part of `shapewright sweep` for clusters: submits a sweep to Slurm, reports and cancels its tasks, and prints what Kubernetes takes. */
import { readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { countOf } from '../diagnostics/formatCount.ts'
import { renderTrials } from '../report/sweep/trialTable.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { KnownError } from '../system/knownError.ts'
import type { Executor } from '../tasks/sweep/executors/executor.ts'
import { readSweepRecord, sweepFiles } from '../tasks/sweep/sweepFiles.ts'
import type { SweepState } from '../tasks/sweep/readSweep.ts'
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
    'it prints what Slurm and Kubernetes take',
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

/** What a command does with a sweep on Slurm. */
export interface SlurmAction extends ClusterOptions {
  /** Whether only the table is printed. */
  readonly isShown: boolean
}

/** Submits the units of a sweep to Slurm, or cancels its tasks, or prints its table and what Slurm has of it. */
export async function sweepOnSlurm(sweep: ClusterSweep, state: SweepState, options: SlurmAction): Promise<number> {
  const executor = await slurmExecutor(sweep, options)
  if (options.cancel === true) {
    await executor.cancel()
    process.stderr.write('The tasks are canceled; those that run save checkpoints.\n')
    return exitCodes.fine
  }
  if (!options.isShown) return await submitToSlurm(sweep, executor, options)
  process.stdout.write(renderTrials(state))
  const queue = await describeQueue(state, executor)
  if (queue !== '') process.stderr.write(`units on Slurm: ${queue}\n`)
  return exitCodes.fine
}

/** Submits the units that are left, and returns while they are queued. Ctrl-C cancels what was submitted so far. */
async function submitToSlurm(sweep: ClusterSweep, executor: Executor, options: ClusterOptions): Promise<number> {
  const { submitSweep } = await import('../tasks/sweep/submitSweep.ts')
  const { listenForInterruption } = await import('../tasks/sweep/runUnit.ts')
  const interruption = listenForInterruption()
  try {
    const { submitted, live } = await submitSweep(sweep.folder, executor, {
      parallel: options.parallel ?? 0,
      commandOf: (unit) => ({ unit, command: jobCommand(sweep, `${unit}`), folder: sweep.folder, log: '' }),
    })
    if (interruption.signal.aborted) {
      await executor.cancel()
      process.stderr.write('Interrupted: the submitted tasks are canceled.\n')
      return exitCodes.interrupted
    }
    const rest = live === 0 ? '' : `; ${live} queued or running before`
    const report = `${countOf(submitted, 'unit')} submitted to Slurm${rest}`
    process.stderr.write(`${submitted + live === 0 ? 'All trials have ended.' : report}\n`)
    process.stdout.write(`${sweep.folder}\n`)
    return exitCodes.fine
  } finally {
    interruption.stop()
  }
}

/** What Slurm has of the units that have not ended: `3 running, 5 queued, 1 lost`. */
async function describeQueue({ progress }: SweepState, executor: Executor): Promise<string> {
  const statuses = await executor.status()
  const counts = { running: 0, queued: 0, lost: 0 }
  for (const { state, unit } of progress.units) {
    if (state !== 'ready' && state !== 'waiting') continue
    const status = statuses.get(unit.unit)?.state
    counts[status === 'running' ? 'running' : status === 'pending' ? 'queued' : 'lost'] += 1
  }
  const parts = Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]))
  return parts.join(', ')
}

/**
 * Checks that an edited sweep file can be resumed: it may number units again, and the tasks in the queue have their old numbers.
 *
 * @throws KnownError if tasks of the sweep are queued or running, and its file was edited.
 */
export async function requireIdleQueue(folder: string, text: string, options: ClusterOptions): Promise<void> {
  if (readFileSync(join(folder, sweepFiles.spec), 'utf8') === text) return
  const { name, units } = await readSweepRecord(folder)
  const executor = await slurmExecutor({ folder, name, units, program: [] }, options)
  const isBusy = [...(await executor.status()).values()].some(({ state }) => state === 'pending' || state === 'running')
  if (!isBusy) return
  const help = `wait until they have ended, or cancel them with \`shapewright sweep ${folder} --executor slurm --cancel\``
  throw new KnownError('usage', `${folder} has tasks on Slurm, and its sweep file was edited`, help)
}

/** The executor of Ray. Lost jobs are reported on stderr. */
export async function rayExecutor(
  { folder, name }: Pick<ClusterSweep, 'folder' | 'name'>,
  options: ClusterOptions,
): Promise<Executor> {
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

async function slurmExecutor(sweep: ClusterSweep, options: ClusterOptions): Promise<Executor> {
  const { createSlurmExecutor } = await import('../tasks/sweep/executors/slurm.ts')
  return createSlurmExecutor(slurmOptions(sweep, options))
}

function slurmOptions(sweep: ClusterSweep, { cpus, sbatch = [] }: ClusterOptions) {
  return { ...sweep, command: jobCommand(sweep), cpus, sbatch }
}

/** The command of a unit as a job, with or without the number of the unit. */
function jobCommand({ program, folder }: ClusterSweep, ...unit: readonly string[]): string[] {
  return [...program, 'sweep', resolve(folder), '--unit', ...unit]
}
