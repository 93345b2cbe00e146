/** What a training thread of `train` runs: a replica of the program that it was started with. */
import { keepCompiledCode } from '../../patches/codeCache.ts'
import { isReplicaOf } from '../../runtime/threads/replicaOrder.ts'

if (isReplicaOf(import.meta.url)) {
  keepCompiledCode({ writes: false })
  // Only now, so that TensorFlow.js is loaded by way of the cache.
  const { serveReplicaOfProgram } = await import('./replicaOfProgram.ts')
  void serveReplicaOfProgram()
}
