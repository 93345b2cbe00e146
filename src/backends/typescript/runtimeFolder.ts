/** Where the sources of the runtime are, from which scripts are linked. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The published package ships these folders of src beside the bundled dist/; in the repository this file stands in src itself. */
const places = ['../src/', '../../src/', '../../']

/** @throws Error where the package is incomplete. */
export function runtimeFolder(): string {
  for (const place of places) {
    const folder = new URL(place, import.meta.url)
    if (existsSync(new URL('runtime/training/experiment.ts', folder))) return fileURLToPath(folder)
  }
  throw new Error('the installed package lacks src/runtime: install shapewright anew')
}
