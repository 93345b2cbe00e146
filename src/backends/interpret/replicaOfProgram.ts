/** The replica of a program that a training thread of `train` serves. */
import type { Program } from '../../program/program.ts'
import { readReplicaTask } from '../../runtime/threads/replicaOrder.ts'
import { serveReplica } from '../../runtime/threads/serveReplica.ts'
import { interpretProgram } from './interpret.ts'

/** Computes the steps that the main thread requests, until the main thread ends this one. */
export async function serveReplicaOfProgram(): Promise<never> {
  return await serveReplica(interpretProgram(readReplicaTask()?.data as Program))
}
