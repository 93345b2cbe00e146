/** Implements `shapewright sweep`: trains the trials of a sweep, compares them, and continues a sweep. */
import { join, resolve } from 'node:path'
import { checkText } from '../analyze.ts'
import { hasErrors, noOtherTexts } from '../diagnostics/diagnostic.ts'
import { countOf, formatBytes, formatCount, formatRange } from '../diagnostics/formatCount.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { describeTrials, renderTrials } from '../report/sweep/trialTable.ts'
import { SpecParser } from '../sweep/specParser.ts'
import type { Sweep } from '../sweep/trial.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { KnownError } from '../system/knownError.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { quoteForShell } from '../system/quoteForShell.ts'
import { folderOf } from '../system/paths.ts'
import { runFiles } from '../system/runFiles.ts'
import { createSweep, updateSweep, type SweepPlan } from '../tasks/sweep/createSweep.ts'
import { findSweep } from '../tasks/sweep/findSweep.ts'
import { readSweep, sortByScore, type SweepState } from '../tasks/sweep/readSweep.ts'
import { isSweepFolder, readSweepRecord, trialFolder } from '../tasks/sweep/sweepFiles.ts'
import { unitsOf } from '../tasks/sweep/units.ts'
import { namePattern } from '../validation/schema.ts'
import { commandOfSweep } from './commandOfSweep.ts'
import { paletteFor } from './palette.ts'
import { requireName } from './requireName.ts'
import { printJobs, requireIdleQueue, sweepOnSlurm, type ClusterSweep } from './sweepOnCluster.ts'
import { readSpecFile } from './specFiles.ts'
import type { SweepOptions } from './sweepOptions.ts'
import { printPlan } from './sweepPlan.ts'
import { programOfThis, trainSweep } from './trainSweep.ts'

export async function sweepCommand(given: string, options: SweepOptions): Promise<number> {
  requireName(options.name, 'the sweep folder is')
  if (options.plan === true || (options.dryRun === true && options.executor === 'local')) {
    const planned = readPlan(given, options)
    if (planned === undefined) return exitCodes.problems
    printPlan(planned.plan.sweep, options.format)
    return exitCodes.fine
  }
  if (options.unit !== undefined) return await trainUnit(given, options.unit)
  if (options.dryRun === true || options.executor === 'kubernetes') {
    const jobs = await jobsOf(given, options)
    return jobs === undefined ? exitCodes.problems : await printJobs(jobs, options)
  }
  if (options.cancel === true && !(isSweepFolder(given) && options.executor === 'slurm')) {
    const help = 'for example `shapewright sweep runs/digits --executor slurm --cancel`; elsewhere, use Ctrl-C'
    throw new KnownError('usage', '--cancel applies to a sweep folder on Slurm', help)
  }
  const folder = isSweepFolder(given) ? openFolder(given, options) : await prepare(given, options)
  if (folder === undefined) return exitCodes.problems
  const before = await readSweep(folder)
  if (options.freeze === true) {
    process.stdout.write(`${folder}\n`)
    return exitCodes.fine
  }
  const say = (line: string) => (options.quiet === true ? undefined : process.stderr.write(`${line}\n`))
  for (const line of describeSweep(before, options.parallel)) say(line)
  if (options.executor === 'slurm') {
    const jobs = { folder, name: before.record.name, units: before.record.units, program: programOfThis() }
    const isShown = isSweepFolder(given) && options.resume !== true
    return await sweepOnSlurm(jobs, before, { ...options, isShown })
  }
  const isInterrupted = await trainSweep(before, options, say)
  const after = await readSweep(folder)
  process.stdout.write(
    options.format === 'json' ? `${JSON.stringify(describeTrials(after), null, 2)}\n` : renderTrials(after),
  )
  for (const line of describeNext(after)) say(line)
  return isInterrupted ? exitCodes.interrupted : exitCodeOf(after)
}

/** The sweep as its jobs would see it; nothing is written. Undefined if the spec has errors, which are printed. */
async function jobsOf(given: string, options: SweepOptions): Promise<ClusterSweep | undefined> {
  const program = programOfThis()
  if (isSweepFolder(given)) {
    const { name, units } = await readSweepRecord(given)
    return { folder: given, name, units, program }
  }
  const planned = readPlan(given, options)
  if (planned === undefined) return undefined
  const { trials, stopping } = planned.plan.sweep
  const units = unitsOf(
    trials.filter((trial) => trial.state === 'ready'),
    stopping,
  )
  return { folder: join(options.out, planned.name), name: planned.name, units, program }
}

/** A sweep folder on the command line, which continues as it is, without its sweep file. */
function openFolder(folder: string, { resume, executor, set }: SweepOptions): string {
  if (set !== undefined) {
    const help = 'remove it, or pass the sweep file instead to begin another sweep'
    throw new KnownError('usage', `--set cannot change the trials in ${folder}, whose specs are written`, help)
  }
  if (resume === true || executor === 'slurm') return folder
  throw new KnownError(
    'usage',
    `${folder} is the folder of a sweep`,
    'add --resume to continue it, or give the sweep file to begin another',
  )
}

/** Creates the sweep folder of a sweep file, or updates the one that is resumed. Undefined if the file has errors. */
async function prepare(file: string, options: SweepOptions): Promise<string | undefined> {
  const planned = readPlan(file, options)
  if (planned === undefined) return undefined
  const { plan, name } = planned
  if (options.resume !== true) return await createSweep(plan, options.out, name)
  const folder = await findSweep(options.out, plan.sweep.name, options.name)
  if (options.executor === 'slurm') await requireIdleQueue(folder, plan.text, options)
  const added = await updateSweep(folder, plan)
  if (options.quiet !== true && added.length > 0)
    process.stderr.write(`${countOf(added.length, 'trial')} added to ${folder}\n`)
  return folder
}

interface PlannedSweep {
  readonly plan: SweepPlan
  /** The name of its folder. */
  readonly name: string
}

/** @returns Undefined if the file has errors, which are printed. */
function readPlan(file: string, options: SweepOptions): PlannedSweep | undefined {
  const text = readSpecFile(file)
  const name = options.name ?? nameIn(text, file, options.set)
  // Absolute, because a relative path does not lead from one folder to another above the present one.
  const frozen = { from: resolve(folderOf(file)), to: resolve(trialFolder(join(options.out, name), 1)) }
  const analysis = checkText(text, file, { host: nodeHost, settings: options.set, trials: true, frozen })
  const shown = analysis.diagnostics.filter(
    ({ severity }) => severity === 'error' || (options.quiet !== true && severity === 'warning'),
  )
  if (shown.length > 0) {
    const { otherTexts } = analysis.source
    process.stderr.write(`${renderPretty(shown, text, file, paletteFor(process.stderr), otherTexts)}\n`)
  }
  if (hasErrors(analysis.diagnostics)) return undefined
  if (analysis.sweep === undefined) {
    const help =
      'for example `sweep: { grid: { training.batchSize: [32, 64] } }`; `shapewright train` trains a spec without one'
    throw new KnownError('usage', `${file} has no section \`sweep\``, help)
  }
  return { plan: planOf(analysis.sweep, file, text, options), name }
}

/** The name of a spec, which its analysis needs for the place of the trials. One that is not valid is reported by the analysis. */
function nameIn(text: string, file: string, settings: readonly string[] | undefined): string {
  const { source } = new SpecParser(file, settings ?? [], nodeHost).parse({ text, otherTexts: noOtherTexts })
  const { name } = (source.value ?? {}) as { readonly name?: unknown }
  return typeof name === 'string' && new RegExp(namePattern).test(name) ? name : 'sweep'
}

function planOf(swept: Sweep, file: string, text: string, options: SweepOptions): SweepPlan {
  const { backend, threads } = options
  const command = commandOfSweep(file, options)
  return { sweep: swept, file, text, command, options: { backend, ...(threads !== undefined && { threads }) } }
}

/** Says how many trials there are, how large they are, and where they are. */
function describeSweep({ folder, trials, record }: SweepState, parallel = 1): string[] {
  const count = (state: string) => trials.filter((trial) => trial.state === state).length
  const ready = trials.filter(({ id }) => id !== undefined)
  const left = [...(['excluded', 'infeasible'] as const)].flatMap((state) => {
    const number = count(state)
    return number === 0 ? [] : [`${formatCount(number)} ${state}`]
  })
  const others = left.length === 0 ? '' : `; ${left.join(', ')}`
  const done = count('done') + count('stopped')
  const state = done === 0 ? '' : `; ${formatCount(done)} trained before`
  const params = formatRange(ready.map(({ facts }) => facts.params)) ?? 'unknown'
  const memory =
    formatRange(
      ready.map(({ facts }) => facts.memory),
      formatBytes,
    ) ?? 'unknown'
  const { direction, metric } = record.objective
  return [
    `${countOf(ready.length, 'trial')} in ${folder}${others}${state}`,
    `parameters: ${params}`,
    `memory of a step: ${memory}, ${formatCount(parallel)} at once`,
    `objective: ${direction} ${metric}`,
  ]
}

/** How to go on. */
function describeNext({ folder, trials, record }: SweepState): string[] {
  const best = sortByScore(trials, record).find(({ state }) => state === 'done')
  const isOpen = trials.some(({ state }) => ['pending', 'interrupted', 'failed', 'running'].includes(state))
  const spec = (trial: number) => join(trialFolder(folder, trial), runFiles.spec)
  return [
    ...(isOpen ? [`continue: shapewright sweep ${quoteForShell(folder)} --resume`] : []),
    `report: shapewright report ${quoteForShell(folder)}`,
    ...(best ? [`train the best trial again: shapewright train ${quoteForShell(spec(best.number))}`] : []),
  ]
}

function exitCodeOf({ trials }: SweepState): number {
  const has = (state: string) => trials.some((trial) => trial.state === state)
  if (has('failed') || !has('done')) return exitCodes.failed
  return has('interrupted') ? exitCodes.interrupted : exitCodes.fine
}

async function trainUnit(folder: string, unit: number): Promise<number> {
  const { listenForInterruption, runUnit } = await import('../tasks/sweep/runUnit.ts')
  const interruption = listenForInterruption()
  try {
    const onNote = (text: string) => void process.stderr.write(`${text}\n`)
    return await runUnit(folder, unit, { program: programOfThis(), signal: interruption.signal, onNote })
  } finally {
    interruption.stop()
  }
}
