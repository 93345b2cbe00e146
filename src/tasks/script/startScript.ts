/** The function that the last line of a package script calls. */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import type { EngineChoice } from '../../system/engineNames.ts'
import { isReplicaOf } from '../../runtime/threads/replicaOrder.ts'
import { replicaThreads } from '../../runtime/threads/replicaThreads.ts'
import { serveReplica } from '../../runtime/threads/serveReplica.ts'
import type { Experiment, ReplicatedExperiment } from '../../runtime/training/experiment.ts'
import { runScript } from './runScript.ts'

/**
 * Trains the experiment with the arguments of the process if the script is the main module, and sets the exit code. Serves
 * the main thread in a training thread of the script. Does nothing if the script is imported.
 *
 * @param url The script's `import.meta.url`.
 * @param engine The engine to use without `--backend`.
 */
export function startScript(url: string, experiment: Experiment, engine: EngineChoice = 'auto'): void {
  if (isReplicaOf(url)) void serveReplica(experiment)
  else if (isMainThread && isRunDirectly(url)) void run(url, experiment, engine)
}

async function run(url: string, experiment: Experiment, engine: EngineChoice): Promise<void> {
  const replicated: ReplicatedExperiment = { ...experiment, replicas: replicaThreads(url) }
  process.exitCode = await runScript(replicated, process.argv.slice(2), engine)
}

/** Whether this module is the main module of the process. */
function isRunDirectly(url: string): boolean {
  const [, started] = process.argv
  return started !== undefined && existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(url))
}
