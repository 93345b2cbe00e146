/** `train --resume`: which run is gone on with, and whether its spec is still the one that it was begun with. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { analyze, type Analysis } from '../compile.ts'
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

/** The folder of the run: the one that is named, or the newest of the spec below `root`. */
export function findRun(resume: ResumeOption, name: string, root: string): string {
  if (resume !== true) {
    requireRun(resume)
    return resume
  }
  const folders = existsSync(root) ? readdirSync(root).map((entry) => join(root, entry)) : []
  const runs = folders.filter((folder) => isRun(folder) && readResolved(folder).name === name)
  const newest = runs.toSorted((a, b) => begunAt(b) - begunAt(a))[0]
  if (newest === undefined) {
    throw new UsageError(`there is no run of ${name} below ${root}`, '`--resume RUN` goes on with one elsewhere')
  }
  return newest
}

/**
 * The spec with which a run goes on: as it was begun, with all that the command line changed then. The number of epochs may
 * be another one by now, in the spec or by an option; anything else must be the same.
 *
 * @param options What the command line changes now.
 * @throws UsageError that says what differs.
 */
export function resumeSpec(folder: string, present: Spec, options: Readonly<Record<string, unknown>>): Spec {
  const begun = analyzeBegun(folder).spec
  const resolved = readResolved(folder)
  const changed = [...compareSpecs(begun, present), ...compareOptions(resolved, options)]
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

function analyzeBegun(folder: string): Analysis {
  const path = join(folder, 'spec.yaml')
  return analyze(readFileSync(path, 'utf8'), readResolved(folder).file ?? path)
}

/** What differs between two specs, apart from what a run does not depend on, and the epochs. */
function compareSpecs(before: Spec, now: Spec): string[] {
  return compareValues('', relevantParts(before), relevantParts(now))
}

function relevantParts({ ignore: _silent, budget: _limit, statesTraining: _form, ...spec }: Spec): object {
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

/** The spec with the defaults and what the command line changed, and the file that it was written as. */
function readResolved(folder: string): Spec & { readonly file?: string } {
  return JSON.parse(readFileSync(join(folder, 'resolved.json'), 'utf8')) as Spec & { readonly file?: string }
}

function begunAt(folder: string): number {
  return statSync(join(folder, 'environment.json')).mtimeMs
}
