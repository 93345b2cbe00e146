/**
 * Writes the output of every command: all files or none, each atomically. Without `--force`, replaces no file that Shapewright
 * did not write or that was edited since. Never deletes a file.
 */
import { dirname, join, resolve, sep } from 'node:path'
import { KnownError } from './knownError.ts'
import { createFolder } from './createFolder.ts'
import { withoutInterruption } from './endingSignals.ts'
import { asKnownError } from './systemError.ts'
import { lstatOf, statOf } from './fileState.ts'
import { isRunFile, isRunFolder } from './runFiles.ts'
import { followLinks, requireReplaceable, writeBeside, type FileContent } from './replaceFile.ts'

export interface OutputFile {
  readonly path: string
  readonly content: FileContent
  /** Whether Shapewright wrote the existing file at the path, according to its content. */
  isOurs(path: string): boolean
  /** Whether a file that Shapewright wrote was edited since. */
  wasEdited?(path: string): boolean
}

export interface OutputOptions {
  /** Whether files that Shapewright did not write are replaced. */
  readonly force?: boolean | undefined
  /** The folder of all files, which is created. Without it, the folder of each file must exist. */
  readonly folder?: string | undefined
}

/**
 * Writes the files of one command.
 *
 * @throws KnownError if a file cannot be written, or would replace a foreign or edited file. Then no file is changed.
 */
export function writeOutput(files: readonly OutputFile[], { force, folder }: OutputOptions = {}): void {
  if (folder !== undefined) requireFolder(folder)
  for (const { path } of files) requireNoRunFile(path)
  requireOwnFiles(files, force === true)
  if (folder !== undefined)
    for (const place of new Set([folder, ...files.map(({ path }) => dirname(path))])) createOutputFolder(place)
  withoutInterruption(() => writeAll(files))
}

function writeAll(files: readonly OutputFile[]): void {
  const written = []
  try {
    for (const { path, content } of files) written.push(writeBeside(path, content))
    for (const file of written) file.place()
  } catch (error) {
    throw asKnownError(error) ?? error
  } finally {
    for (const file of written) file.discard()
  }
}

/** @throws KnownError if the path is a file, a broken link, or a run folder. */
function requireFolder(folder: string): void {
  const name = existingPart(folder)
  const found = statOf(name)
  if (found?.isDirectory() !== true) {
    const what = found ? 'a file' : 'a broken symbolic link'
    throw new KnownError(
      'output',
      `${folder} cannot be used for the output: ${name === resolve(folder) ? 'it' : name} is ${what}, not a folder.`,
      'Choose a folder with -o.',
    )
  }
  if (isRunFolder(resolve(folder))) {
    const inside = join(folder, 'export')
    throw new KnownError(
      'output',
      `${folder} is a run folder, whose files must not change.`,
      `Choose another folder, such as ${inside}.`,
    )
  }
}

function createOutputFolder(folder: string): void {
  try {
    createFolder(folder)
  } catch (error) {
    throw asKnownError(error) ?? error
  }
}

/** @throws KnownError that names all existing files that are foreign or were edited, unless `force` is set. */
function requireOwnFiles(files: readonly OutputFile[], force: boolean): void {
  const foreign: string[] = []
  const edited: string[] = []
  for (const { path, isOurs, wasEdited } of files) {
    if (lstatOf(path) === undefined) continue
    const found = statOf(path)
    if (found) requireReplaceable(path, found)
    if (found === undefined || !isOurs(path)) foreign.push(path)
    else if (wasEdited?.(path) === true) edited.push(path)
  }
  if (force || foreign.length + edited.length === 0) return
  const problems = [
    foreign.length === 1 && `${foreign[0]} exists, and shapewright did not write it`,
    foreign.length > 1 && `${listNames(foreign)} exist, and shapewright did not write them`,
    edited.length === 1 && `${edited[0]} was edited since shapewright wrote it`,
    edited.length > 1 && `${listNames(edited)} were edited since shapewright wrote them`,
  ]
  throw new KnownError(
    'output',
    problems.filter((problem) => problem !== false).join('; '),
    'choose another place with -o, or replace them with --force',
  )
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** @throws KnownError if the path belongs to a run, even with `--force`: a run that loses its files cannot be recovered. */
function requireNoRunFile(path: string): void {
  const place = followLinks(path)
  for (let folder = dirname(place); folder !== dirname(folder); folder = dirname(folder)) {
    const first = place.slice(folder.length).replace(sep, '').split(sep)[0]!
    if (isRunFile(first) && isRunFolder(folder)) {
      throw new KnownError(
        'output',
        `${path} belongs to the run in ${folder}, whose files must not change.`,
        'Choose another place with -o.',
      )
    }
  }
}

/** The longest part of a path that exists. */
function existingPart(path: string): string {
  const place = resolve(path)
  const isThere = lstatOf(place) !== undefined || dirname(place) === place
  return isThere ? place : existingPart(dirname(place))
}
