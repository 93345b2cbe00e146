/** Finds the source files that scripts are linked from. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findModule } from '../../system/moduleThread.ts'

/** The published package contains the sources beside the bundled dist/; in the repository this file is in src itself. */
const places = ['../src/', '../../src/', '../../']

/** @throws Error if the package is incomplete. */
export function sourceFolder(): string {
  const inFolder = findModule(places.map((place) => new URL(`${place}script/samples.ts`, import.meta.url)))
  return fileURLToPath(new URL('..', inFolder))
}

const linkable =
  /^script\/.*\.ts$|^parts\/.*\.run\.ts$|^runtime\/kernels\/registerTrainingKernels\.ts$|^patches\/\w+\.ts$/

/** Whether scripts may use the exports of a file of src, by its path. */
export function isLinkable(path: string): boolean {
  return linkable.test(path.replaceAll('\\', '/'))
}

/** Returns the file of each export that scripts may use. It searches the text, because parsing all files would take longer than the rest. */
export function indexExports(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!isLinkable(path)) continue
    const file = join(folder, path)
    const names = readFileSync(file, 'utf8').matchAll(
      /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm,
    )
    for (const [, name] of names) files.set(name!, file)
  }
  return files
}
