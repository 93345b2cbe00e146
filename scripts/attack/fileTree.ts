/** Lists the files of a folder and their contents, to show what an attack changed. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Returns the paths of all regular files below a folder, relative to it and sorted. */
export function listTree(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true }).map(String)
  return names.filter((name) => lstatSync(join(folder, name)).isFile()).toSorted()
}

/** Returns the SHA-256 of each file below a folder, by relative path. */
export function digestTree(folder: string): ReadonlyMap<string, string> {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return new Map(listTree(folder).map((name) => [name, digest(name)]))
}

/** Returns the temporary files that a command should have removed or renamed. */
export function findLeftovers(folder: string): string[] {
  return listTree(folder).filter((name) => /\.writing-|\.tmp\b|\.partial\b|~$/.test(name))
}
