/** The entry point of a training thread of `train`: serves a replica of the program that it was started with. */
import { keepCompiledCode } from '../../patches/codeCache.ts'
import { isReplicaOf } from '../../runtime/threads/replicaOrder.ts'

if (isReplicaOf(import.meta.url)) {
  keepCompiledCode({ writes: false })
  // Imported after the line above, so that TensorFlow.js is loaded through the code cache.
  const { serveReplicaOfProgram } = await import('./replicaOfProgram.ts')
  void serveReplicaOfProgram()
}
