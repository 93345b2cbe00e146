/** Finds the source files that scripts are linked from. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The published package contains the sources beside the bundled dist/; in the repository this file is in src itself. */
const places = ['../src/', '../../src/', '../../']

/** @throws Error if the package is incomplete. */
export function sourceFolder(): string {
  for (const place of places) {
    const folder = new URL(place, import.meta.url)
    if (existsSync(new URL('script/samples.ts', folder))) return fileURLToPath(folder)
  }
  throw new Error('src/script is missing from the installed package: reinstall shapewright')
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
