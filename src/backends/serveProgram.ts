/** What a training thread of `train` runs: a replica of the program that it was started with. */
import type { Program } from '../program/program.ts'
import { isReplicaOf, readReplicaOrder } from '../runtime/threads/replicaOrder.ts'
import { serveReplica } from '../runtime/threads/serveReplica.ts'
import { interpretProgram } from './interpret.ts'

if (isReplicaOf(import.meta.url)) void serveReplica(interpretProgram(readReplicaOrder()?.data as Program))
