/** Finds the command line of Shapewright that the extension uses. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The command line in a package. */
const bin = join('dist', 'bin.cjs')

/**
 * Returns the path of `bin.cjs` of the setting or else of the package of the project, which Node.js would find from a folder of
 * the workspace. Returns undefined if it is missing.
 *
 * @param stated The setting `shapewright.path`: the folder of a package or its `bin.cjs`.
 */
export function findCommandLine(folders: readonly string[], stated: string): string | undefined {
  if (stated !== '') return ofPackage(resolve(folders[0] ?? '', stated))
  for (const folder of folders) {
    const found = foldersAbove(folder).flatMap((one) => ofPackage(join(one, 'node_modules', 'shapewright')) ?? [])
    if (found[0] !== undefined) return found[0]
  }
  return undefined
}

function ofPackage(path: string): string | undefined {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const file = isFolder ? join(path, bin) : path
  return existsSync(file) ? file : undefined
}

/** A folder and all around it. */
function foldersAbove(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)]
}
