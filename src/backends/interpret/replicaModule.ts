/** Finds the module that serves a replica of an interpreted program. */
import { existsSync } from 'node:fs'

/** Beside this file in the repository; in the published package, this file is bundled into dist/chunks/ or dist/cli/. */
const places = ['./serveProgram.ts', '../backends/interpret/serveProgram.js']

/** @throws Error if the package is incomplete. */
export function replicaModule(): string {
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url))
  if (!found)
    throw new Error(
      'dist/backends/interpret/serveProgram.js is missing from the installed package: reinstall shapewright',
    )
  return found.href
}
