/** `train --resume` and `train --run`: which run is resumed, and whether its spec is still the one that it was begun with. */
import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { analyze } from '../analyze.ts'
import {
  lockRun,
  makeFolder,
  openRunFiles,
  readVerified,
  readVerifiedRecord,
  stateOfFolder,
  unlockRun,
} from '../tasks/train/runFolders.ts'
import { runFiles } from '../system/runFiles.ts'
import { parseRecord } from '../system/parseRecord.ts'
import { fileSizeLimits, readRegularFile } from '../system/regularFile.ts'
import type { Spec } from '../validation/spec.ts'

/** What `--resume` was given: a run, or nothing. */
export type ResumeOption = string | true

/**
 * The spec and the run that the command line means: `--resume configs/net.yaml` names a spec, as
 * `configs/net.yaml --resume` does. `file` is what a spec in the folder of a run was written as.
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
  const { resolved } = await readBegunRun(resume)
  return { spec: join(resume, runFiles.spec), file: resolved.file, resume }
}

/** The folder of the run: the one that is named, or below `root` the newest of that name. */
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

/** The folder that a run is trained in, locked. */
export interface ClaimedFolder {
  readonly folder: string
  /** Missing where the run begins. */
  readonly run?: BegunRun
  /** Lets other processes train there, and removes the folder where it was made in vain. */
  release(): void
}

/**
 * Locks the folder of a run that is resumed.
 *
 * @param mayBegin Whether a run may begin there: the folder is made where there is none.
 * @throws KnownError where it holds something else.
 * @throws KnownError where another process trains there, or a file of the run is damaged.
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
    // Another process may have changed it until it was locked.
    requireOwn(folder, specText)
    if (stateOfFolder(folder) !== 'run') return { folder, release }
    requireRun(folder)
    return { folder, run: await readBegunRun(folder), release }
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

/** A run as its folder describes it. */
export interface BegunRun {
  readonly folder: string
  readonly specText: string
  readonly resolved: ResolvedSpec
  /** Whether it was trained to its end, and saved. */
  readonly isFinished: boolean
}

/** @throws KnownError where a file is damaged. */
async function readBegunRun(folder: string): Promise<BegunRun> {
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

/** A spec as it is in its file, and as `check` reads it. */
export interface PresentSpec {
  readonly text: string
  readonly file: string
  readonly spec: Spec
}

/**
 * The spec with which a run is resumed: as it was begun, with all that the command line changed then. The number of epochs
 * may be another one by now, in the spec or by an option, and the data elsewhere; anything else must be the same.
 *
 * @param options What the command line changes now.
 * @throws KnownError that says what differs.
 */
export function resumeSpec(
  { folder, specText, resolved }: BegunRun,
  { text, file, spec: present }: PresentSpec,
  options: Readonly<Record<string, unknown>>,
): Spec {
  // Under one name, and wherever the data are: what is compared is what was written.
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

/** What differs between two specs, apart from what a run does not depend on, and the epochs. */
function compareSpecs(before: Spec, now: Spec): string[] {
  return compareValues('', relevantParts(before), relevantParts(now))
}

/** What a probe of the data tells is no part of the spec. */
function relevantParts({
  ignore: _silent,
  budget: _limit,
  statesTraining: _form,
  facts: _look,
  ...spec
}: Spec): object {
  const layers = spec.layers.map(({ path: _place, expect: _belief, valid: _validity, type, ...layer }) => ({
    [type]: layer,
  }))
  const { epochs: _length, ...training } = spec.training
  return { ...spec, layers, training }
}

/** Options that would make another run of it than the one that was begun. */
function compareOptions({ name, training, optimizer }: Spec, options: Readonly<Record<string, unknown>>): string[] {
  const before: Readonly<Record<string, unknown>> = { ...training, ...optimizer?.options, name }
  const keys = ['name', 'batchSize', 'seed', 'threads', 'learningRate'].filter((key) => options[key] !== undefined)
  return keys.flatMap((key) => compareValues(key, before[key], options[key]))
}

/** `layers/3/conv2d/options/kernelSize: 3 → 5`, for each place that differs. */
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

/** A spec with the defaults and what the command line changed, the file that it was written as, and where its data were. */
interface ResolvedSpec extends Spec {
  readonly file?: string
  readonly data?: string
}

const resolvedFields = { name: 'string', training: { epochs: 'number', batchSize: 'number' }, layers: 'list' } as const

function missingResolved(folder: string): never {
  const path = join(folder, runFiles.resolved)
  throw new KnownError('usage', `${path} is missing`, 'copy it from a backup, or train again')
}

/** Undefined where its file is missing or damaged: it is the name of no run that is looked for. */
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
