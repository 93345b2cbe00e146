/** Finds the module that serves a replica of an interpreted program. */
import { findModule } from '../../system/moduleThread.ts'

/**
 * Beside this file in the repository; in the published package, this file is bundled into dist/chunks/ or dist/cli/.
 *
 * @throws Error if the package is incomplete.
 */
export function replicaModule(): string {
  return findModule(
    ['./serveProgram.ts', '../backends/interpret/serveProgram.js'].map((place) => new URL(place, import.meta.url)),
  )
}
