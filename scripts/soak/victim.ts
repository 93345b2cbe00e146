/**
 * The process that is killed. It behaves as a script that imports the package. Its first argument is its case; the
 * others are those of a script.
 */
import { runScript } from '../../src/tasks/script/runScript.ts'
import { isReplicaOf, readReplicaTask } from '../../src/runtime/threads/replicaOrder.ts'
import { serveReplica } from '../../src/runtime/threads/serveReplica.ts'
import { limitWrites } from './limitWrites.ts'
import { drawSoakExperiment } from './soakExperiment.ts'

/** The first argument of a victim. */
export interface VictimCase {
  readonly seed: number
  /** The event after this many bytes are written: the process is killed, or the disk is full. */
  readonly limit?: { readonly bytes: number; readonly ending: 'kill' | 'full' }
}

if (isReplicaOf(import.meta.url)) {
  void serveReplica(drawSoakExperiment(readReplicaTask()?.data as number, import.meta.url))
} else {
  const [text = '{}', ...args] = process.argv.slice(2)
  const { seed, limit } = JSON.parse(text) as VictimCase
  const written = limitWrites(limit?.bytes ?? Number.POSITIVE_INFINITY, limit?.ending ?? 'full')
  const code = await runScript(drawSoakExperiment(seed, import.meta.url), ['--backend', 'wasm', ...args])
  process.stdout.write(`bytes: ${written()}\n`)
  process.exit(code)
}
