/** Searches a folder and its subfolders for YAML files. */
import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { extname, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { isSpecOfRun } from '../system/runFiles.ts'
import { isWithin, type Matcher } from './filePatterns.ts'

export interface Skipped {
  readonly path: string
  readonly reason: string
}

export interface FoundFiles {
  readonly files: string[]
  readonly folders: string[]
  readonly skipped: Skipped[]
}

/**
 * Finds the YAML files in a folder and its subfolders, sorted by path. A folder with several links to it is searched once, and
 * a link to a folder that contains `root` is not followed.
 */
export function searchFolder(root: string, isExcluded: Matcher): FoundFiles {
  const found: FoundFiles = { files: [], folders: [], skipped: [] }
  const top = realpathSync(root)
  const visited = new Set<string>()
  const visit = (folder: string) => {
    const identity = realpathSync(folder)
    const isAround = folder !== root && isWithin(identity, top)
    if (visited.has(identity) || isAround) return
    visited.add(identity)
    const names = readNames(folder)
    if (folder !== root && isSpecOfRun(names)) {
      found.skipped.push({ path: folder, reason: 'a run folder' })
      return
    }
    found.folders.push(folder)
    for (const name of names.toSorted()) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = join(folder, name)
      if (isExcluded(path)) continue
      const kind = statOf(path)
      if (kind?.isDirectory() === true) visit(path)
      else if (!['.yaml', '.yml'].includes(extname(name).toLowerCase())) continue
      else if (kind?.isFile() === true) found.files.push(path)
      else found.skipped.push({ path, reason: kind === undefined ? 'a broken link' : 'not a regular file' })
    }
  }
  visit(root)
  found.files.sort()
  return found
}

/** Undefined for missing files, and for links that form a cycle. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new KnownError(
      'usage',
      `${folder} cannot be searched: ${(error as Error).message}`,
      "exclude it with '!' before its name",
    )
  }
}
