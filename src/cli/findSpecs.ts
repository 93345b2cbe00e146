/** Finds the specs that the arguments of a command name: files, folders with their subfolders, and patterns. */
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { compilePattern, excludeBy, hasGlobCharacters, isExclusion, type Matcher } from './filePatterns.ts'
import { looksLikeSpec } from '../source/looksLikeSpec.ts'
import { searchFolder, statOf, type Skipped } from './searchFolder.ts'
import { standardInput } from './specFiles.ts'

export interface SpecSelection {
  /** The files in the order of the arguments, sorted by path within a folder, each file once. */
  readonly files: readonly string[]
  /** Every folder that was searched, as an absolute path. */
  readonly folders: readonly string[]
  /** The arguments that were searched: folders and patterns. */
  readonly searched: readonly string[]
  readonly skipped: readonly Skipped[]
}

/**
 * Finds the specs that the arguments name. A search skips hidden names, `node_modules`, run folders, and YAML files that are
 * not specs; a file that is named explicitly is always included. `!pattern` excludes matching files.
 *
 * @throws KnownError if an argument matches nothing.
 */
export async function findSpecs(paths: readonly string[]): Promise<SpecSelection> {
  const isExcluded = await excludeBy(paths.filter(isExclusion).map((path) => path.slice(1)))
  const [files, folders] = [new Map<string, string>(), new Set<string>()]
  const [searched, skipped]: [string[], Skipped[]] = [[], []]
  const add = (file: string) => {
    const identity = identityOf(file)
    if (!files.has(identity)) files.set(identity, file)
  }
  for (const path of paths.filter((each) => !isExclusion(each))) {
    const search = await searchFor(path)
    if (search === undefined) {
      add(path)
      continue
    }
    const found = searchFolder(search.folder, isExcluded)
    const yamlFiles = found.files.filter((file) => search.matches(file))
    const others = yamlFiles.filter((file) => isOtherYaml(file))
    const notSpecs = new Set(others)
    const left = [
      ...others.map((file) => ({ path: file, reason: notASpec })),
      ...found.skipped.filter((one) => search.matches(one.path) || search.matches(join(one.path, 'spec.yaml'))),
    ]
    if (yamlFiles.length === others.length) throw new KnownError('usage', ...describeEmpty(path, left))
    for (const file of yamlFiles) if (!notSpecs.has(file)) add(file)
    for (const folder of found.folders) folders.add(resolve(folder))
    searched.push(path)
    skipped.push(...left)
  }
  if (files.size === 0)
    throw new KnownError('usage', 'only excluded files were given', 'also pass a YAML file, a folder or a pattern')
  return { files: [...files.values()], folders: [...folders], searched, skipped: uniqueByPath(skipped) }
}

/** Whether a YAML file is not a spec. False for a file that cannot be read, so that the check reports why. */
function isOtherYaml(file: string): boolean {
  try {
    return !looksLikeSpec(readFileSync(file, 'utf8'))
  } catch {
    return false
  }
}

const notASpec = 'not a spec (none of the keys layers, input, dataset and extends)'

/** `checked 12 specs in configs (3 folders)`; empty if every file was named explicitly. */
export function describeSelection({ files, searched }: SpecSelection): string {
  if (searched.length === 0) return ''
  const folders = new Set(files.map((file) => dirname(file))).size
  const counted = `${countOf(files.length, 'spec')} in ${searched.join(', ')}`
  return `checked ${counted} (${countOf(folders, 'folder')})\n`
}

/** Lists the skipped files and folders, with a line for each reason. */
export function describeSkipped(skipped: readonly Skipped[]): string {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return reasons
    .map((reason) => {
      const paths = skipped.filter((one) => one.reason === reason).map(({ path }) => path)
      const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : ''
      return `skipped ${paths.slice(0, mostNamed).join(', ')}${more}: ${reason}\n`
    })
    .join('')
}

const mostNamed = 5

function describeEmpty(path: string, skipped: readonly Skipped[]): [message: string, help: string] {
  const isFolder = statOf(path) !== undefined
  const message = isFolder ? `there are no specs in ${path}` : `no spec matches ${path}`
  const [first] = skipped
  if (first !== undefined) {
    const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : ''
    return [`${message}; ${first.path} was skipped: ${first.reason}${more}`, 'to check it anyway, pass the file itself']
  }
  const looked =
    'a folder is searched, with its subfolders, for .yaml and .yml files, except in hidden folders and node_modules'
  return [message, isFolder ? looked : `${looked}; in 'configs/**/*.yaml', ** matches any folders`]
}

interface Search {
  readonly folder: string
  readonly matches: Matcher
}

/** The folder and matcher of a search; undefined for a file, even if it is missing. */
async function searchFor(path: string): Promise<Search | undefined> {
  const found = path === standardInput ? undefined : statOf(path)
  if (found?.isDirectory() === true) return { folder: path, matches: () => true }
  if (found !== undefined || path === standardInput || !hasGlobCharacters(path)) return undefined
  const { base, matches } = await compilePattern(path)
  if (statOf(base)?.isDirectory() !== true) {
    throw new KnownError('usage', `no spec matches ${path}: there is no folder ${base}`, 'pass an existing folder')
  }
  return { folder: base, matches }
}

/** The same string for all names of one file: its real path, or its absolute path if it is missing. */
function identityOf(file: string): string {
  if (file === standardInput) return file
  try {
    return realpathSync(file)
  } catch {
    return resolve(file)
  }
}

function uniqueByPath(skipped: readonly Skipped[]): Skipped[] {
  return [...new Map(skipped.map((one) => [one.path, one])).values()]
}
