/** `train --resume`: which run is gone on with, and whether its spec is still the one that it was begun with. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../compile.ts'
import type { Spec } from '../spec/spec.ts'
import { UsageError } from './exitCodes.ts'

/** What `--resume` was given: a run, or nothing. */
export type ResumeOption = string | true

/**
 * The spec and the run that the command line means: `--resume configs/net.yaml` names a spec, as
 * `configs/net.yaml --resume` does. `file` is what a spec in the folder of a run was written as.
 */
export function readResumeOption(
  spec: string | undefined,
  resume: ResumeOption | undefined,
): { readonly spec: string; readonly file?: string | undefined; readonly resume: ResumeOption | undefined } {
  if (spec !== undefined) return { spec, resume }
  if (typeof resume !== 'string') throw new UsageError('nothing says what to train', 'name a spec, or `--resume RUN`')
  if (/\.ya?ml$/i.test(resume)) return { spec: resume, resume: true }
  requireRun(resume)
  return { spec: join(resume, 'spec.yaml'), file: readResolved(resume).file, resume }
}

/** The folder of the run: the one that is named, or below `root` the newest of the spec with this text. */
export function findRun(resume: ResumeOption, text: string, file: string, root: string): string {
  if (resume !== true) {
    requireRun(resume)
    return resume
  }
  const { name } = analyze(text, file).spec
  const folders = existsSync(root) ? readdirSync(root).map((entry) => join(root, entry)) : []
  const runs = folders.filter((folder) => isRun(folder) && readResolved(folder).name === name)
  const newest = runs.toSorted((a, b) => begunAt(b) - begunAt(a))[0]
  if (newest === undefined) {
    throw new UsageError(`there is no run of ${name} below ${root}`, '`--resume RUN` goes on with one elsewhere')
  }
  return newest
}

/** Where a run was told that its data are; undefined where it was told nothing. */
export function dataOfRun(folder: string): string | undefined {
  return readResolved(folder).data
}

/** A spec as it stands in its file, and as `check` reads it. */
export interface PresentSpec {
  readonly text: string
  readonly file: string
  readonly spec: Spec
}

/**
 * The spec with which a run goes on: as it was begun, with all that the command line changed then. The number of epochs may
 * be another one by now, in the spec or by an option, and the data elsewhere; anything else must be the same.
 *
 * @param options What the command line changes now.
 * @throws UsageError that says what differs.
 */
export function resumeSpec(
  folder: string,
  { text, file, spec: present }: PresentSpec,
  options: Readonly<Record<string, unknown>>,
): Spec {
  // Under one name, and wherever the data are: what is compared is what was written.
  const begun = analyze(readFileSync(join(folder, 'spec.yaml'), 'utf8'), file).spec
  const resolved = readResolved(folder)
  const changed = [...compareSpecs(begun, analyze(text, file).spec), ...compareOptions(resolved, options)]
  if (changed.length > 0) {
    const shown = changed.slice(0, 5).join('; ')
    const more = changed.length > 5 ? `; and ${changed.length - 5} more` : ''
    throw new UsageError(
      `${folder} cannot be gone on with, for the spec has changed: ${shown}${more}`,
      'only the number of epochs may be raised: change the rest back, or begin a new run',
    )
  }
  const stated = present.training.epochs === begun.training.epochs ? resolved.training.epochs : present.training.epochs
  const epochs = (options['epochs'] as number | undefined) ?? stated
  const { optimizer } = resolved
  return { ...present, training: { ...resolved.training, epochs }, ...(optimizer && { optimizer }) }
}

/** What differs between two specs, apart from what a run does not depend on, and the epochs. */
function compareSpecs(before: Spec, now: Spec): string[] {
  return compareValues('', relevantParts(before), relevantParts(now))
}

/** What a look at the data tells is no part of the spec. */
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
function compareOptions({ training, optimizer }: Spec, options: Readonly<Record<string, unknown>>): string[] {
  const before: Readonly<Record<string, unknown>> = { ...training, ...optimizer?.options }
  const names = ['batchSize', 'seed', 'threads', 'learningRate'].filter((name) => options[name] !== undefined)
  return names.flatMap((name) => compareValues(name, before[name], options[name]))
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
  throw new UsageError(`${folder} is not the folder of a run`, '`shapewright train` makes one below `runs`')
}

function isRun(folder: string): boolean {
  return ['spec.yaml', 'resolved.json', 'environment.json'].every((file) => existsSync(join(folder, file)))
}

/** A spec with the defaults and what the command line changed, the file that it was written as, and where its data were. */
interface ResolvedSpec extends Spec {
  readonly file?: string
  readonly data?: string
}

function readResolved(folder: string): ResolvedSpec {
  return JSON.parse(readFileSync(join(folder, 'resolved.json'), 'utf8')) as ResolvedSpec
}

function begunAt(folder: string): number {
  return statSync(join(folder, 'environment.json')).mtimeMs
}
