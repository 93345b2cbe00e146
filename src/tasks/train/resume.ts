/** Implements `train --resume` and `train --run`: finds the run to resume, and checks that its spec has not changed. */
import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { analyze } from '../../analyze.ts'
import {
  lockRun,
  makeFolder,
  openRunFiles,
  readVerified,
  readVerifiedRecord,
  stateOfFolder,
  unlockRun,
} from './runFolders.ts'
import { runFiles } from '../../system/runFiles.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { fileSizeLimits, readRegularFile } from '../../system/regularFile.ts'
import type { Spec } from '../../validation/spec.ts'

/** The value of `--resume`: a run folder, or `true` without a value. */
export type ResumeOption = string | true

/**
 * Returns the spec and the run of the command line. `--resume configs/net.yaml` is read as `configs/net.yaml --resume`.
 * `file` is the original path of a spec in a run folder.
 */
export async function readResumeOption(
  spec: string | undefined,
  resume: ResumeOption | undefined,
): Promise<{ readonly spec: string; readonly file?: string | undefined; readonly resume: ResumeOption | undefined }> {
  if (spec !== undefined) return { spec, resume }
  if (typeof resume !== 'string') throw new KnownError('usage', 'no spec given', 'pass a spec or `--resume RUN`')
  if (/\.ya?ml$/i.test(resume)) return { spec: resume, resume: true }
  if (stateOfFolder(resume) === 'unused') {
    throw new KnownError(
      'usage',
      `${resume} contains no run yet`,
      `pass the spec: \`shapewright train SPEC --run ${resume}\``,
    )
  }
  requireRun(resume)
  const { resolved } = await readStartedRun(resume)
  return { spec: join(resume, runFiles.spec), file: resolved.file, resume }
}

/** The run folder: the one in `resume`, or the newest run of this name in `root`. */
export function findRun(resume: ResumeOption, name: string, root: string): string {
  if (resume !== true) return resume
  const folders = existsSync(root) ? readdirSync(root).map((entry) => join(root, entry)) : []
  const runs = folders.filter((folder) => isRun(folder) && nameOfRun(folder) === name)
  const newest = runs.toSorted((a, b) => begunAt(b) - begunAt(a))[0]
  if (newest !== undefined) return newest
  const begun = join(root, name)
  if (stateOfFolder(begun) === 'unused') return begun
  throw new KnownError(
    'usage',
    `there is no run of ${name} in ${root}`,
    'to resume a run in another folder, use `--resume RUN`',
  )
}

/** A run folder that is locked for training. */
export interface ClaimedFolder {
  readonly folder: string
  /** The run in the folder; absent if the folder contains no run yet. */
  readonly run?: StartedRun
  /** Releases the lock, and removes the folder if it was created for this run and is empty. */
  release(): void
}

/**
 * Locks a run folder.
 *
 * @param mayBegin Whether a new run may begin in the folder, which is created if it is missing.
 * @throws KnownError if the folder contains other files, another process trains in it, or a file of the run is damaged.
 */
export async function claimFolder(
  folder: string,
  { mayBegin, specText, onWait }: { mayBegin: boolean; specText: string; onWait?: (text: string) => void },
): Promise<ClaimedFolder> {
  if (!mayBegin && stateOfFolder(folder) !== 'unused') requireRun(folder)
  const isNew = stateOfFolder(folder) === 'absent'
  if (isNew && !makeFolder(folder)) throw new KnownError('usage', `${folder} is not a folder`, 'choose another one')
  requireOwn(folder, specText)
  await lockRun(folder, onWait && { onWait })
  const release = () => {
    unlockRun(folder)
    if (isNew && readdirSync(folder).length === 0) rmdirSync(folder)
  }
  try {
    // Another process may have changed the folder before it was locked.
    requireOwn(folder, specText)
    if (stateOfFolder(folder) !== 'run') return { folder, release }
    requireRun(folder)
    return { folder, run: await readStartedRun(folder), release }
  } catch (error) {
    release()
    throw error
  }
}

function requireOwn(folder: string, specText: string): void {
  if (stateOfFolder(folder, specText) !== 'foreign') return
  throw new KnownError(
    'usage',
    `${folder} contains files that do not belong to a run`,
    'choose a new or empty folder; nothing in this one was changed',
  )
}

/** A run as described by the files in its folder. */
export interface StartedRun {
  readonly folder: string
  readonly specText: string
  readonly resolved: ResolvedSpec
  /** Whether training has finished and the model is saved. */
  readonly isFinished: boolean
}

/** @throws KnownError if a file is damaged. */
async function readStartedRun(folder: string): Promise<StartedRun> {
  const files = await openRunFiles(folder)
  const [spec, resolved] = await Promise.all([
    readVerified(files, runFiles.spec),
    readVerifiedRecord<ResolvedSpec>(files, runFiles.resolved, resolvedFields),
  ])
  await readVerified(files, runFiles.environment)
  return {
    folder,
    specText: `${spec ?? ''}`,
    resolved: resolved ?? missingResolved(folder),
    isFinished: files.manifest?.state === 'finished',
  }
}

/** The current spec: its text, its file, and the spec that `check` reads from them. */
export interface PresentSpec {
  readonly text: string
  readonly file: string
  readonly spec: Spec
}

/**
 * Returns the spec to resume a run with: the spec it began with, including the options of its command line. Only the number
 * of epochs and the path of the data may have changed since.
 *
 * @param options The options of the current command line.
 * @throws KnownError that lists the differences if anything else has changed.
 */
export function resumeSpec(
  { folder, specText, resolved }: StartedRun,
  { text, file, spec: present }: PresentSpec,
  options: Readonly<Record<string, unknown>>,
): Spec {
  // Both texts are analyzed as the same file and without data, so only what is written in them is compared.
  const begun = analyze(specText, file).spec
  const changed = [...compareSpecs(begun, analyze(text, file).spec), ...compareOptions(resolved, options)]
  if (changed.length > 0) {
    const shown = changed.slice(0, 5).join('; ')
    const more = changed.length > 5 ? `; and ${changed.length - 5} more` : ''
    throw new KnownError(
      'usage',
      `${folder} cannot be resumed because the spec has changed: ${shown}${more}`,
      'only the number of epochs can be raised: undo the other changes, or start a new run',
    )
  }
  const stated = present.training.epochs === begun.training.epochs ? resolved.training.epochs : present.training.epochs
  const epochs = (options['epochs'] as number | undefined) ?? stated
  const { optimizer, name } = resolved
  return { ...present, name, training: { ...resolved.training, epochs }, ...(optimizer && { optimizer }) }
}

/** The differences of two specs, except the epochs and the parts that do not affect a run. */
function compareSpecs(before: Spec, now: Spec): string[] {
  return compareValues('', relevantParts(before), relevantParts(now))
}

/** The parts of a spec that affect a run. Facts come from a probe of files, not from the spec. */
function relevantParts({
  ignore: _ignore,
  budget: _budget,
  statesTraining: _statesTraining,
  facts: _facts,
  weightsFacts: _weightsFacts,
  ...spec
}: Spec): object {
  const layers = spec.layers.map(({ path: _path, expect: _expect, valid: _valid, type, ...layer }) => ({
    [type]: layer,
  }))
  const { epochs: _epochs, ...training } = spec.training
  return { ...spec, layers, training }
}

/** The options of the command line that differ from those that the run began with. */
function compareOptions({ name, training, optimizer }: Spec, options: Readonly<Record<string, unknown>>): string[] {
  const before: Readonly<Record<string, unknown>> = { ...training, ...optimizer?.options, name }
  const keys = ['name', 'batchSize', 'seed', 'threads', 'learningRate'].filter((key) => options[key] !== undefined)
  return keys.flatMap((key) => compareValues(key, before[key], options[key]))
}

/** Returns a line for each difference: `layers/3/conv2d/options/kernelSize: 3 → 5`. */
function compareValues(place: string, before: unknown, now: unknown): string[] {
  if (isParent(before) && isParent(now) && Array.isArray(before) === Array.isArray(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)])
    return [...keys].flatMap((key) => compareValues(place === '' ? key : `${place}/${key}`, before[key], now[key]))
  }
  if (before === now) return []
  return [`${place}: ${show(before)} → ${show(now)}`]
}

function isParent(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object'
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function requireRun(folder: string): void {
  if (isRun(folder)) return
  const isOfScript = existsSync(join(folder, runFiles.environment)) && !existsSync(join(folder, runFiles.spec))
  if (isOfScript) {
    throw new KnownError('usage', `${folder} is the run of a package script`, 'run the script with `--resume RUN`')
  }
  throw new KnownError('usage', `${folder} is not a run folder`, '`shapewright train` creates run folders in `runs`')
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, runFiles.environment)) && existsSync(join(folder, runFiles.spec))
}

/** A spec with the defaults and the options of the command line, its original path, and the path of its data. */
interface ResolvedSpec extends Spec {
  readonly file?: string
  readonly data?: string
}

const resolvedFields = { name: 'string', training: { epochs: 'number', batchSize: 'number' }, layers: 'list' } as const

function missingResolved(folder: string): never {
  const path = join(folder, runFiles.resolved)
  throw new KnownError('usage', `${path} is missing`, 'copy it from a backup, or train again')
}

/** The name of a run; undefined if its file is missing or damaged, so the run is not found by name. */
function nameOfRun(folder: string): string | undefined {
  try {
    const text = readRegularFile(join(folder, runFiles.resolved), fileSizeLimits.text).toString('utf8')
    return parseRecord<{ readonly name: string }>(text, { name: 'string' })?.name
  } catch {
    return undefined
  }
}

function begunAt(folder: string): number {
  return statSync(join(folder, runFiles.environment)).mtimeMs
}
