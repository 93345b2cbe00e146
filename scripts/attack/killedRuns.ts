/** Ends a training by a signal at a random moment, possibly during its start, and trains into the same folder again. */
import { rmSync } from 'node:fs'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { digestTree, findLeftovers } from './fileTree.ts'
import { describeResult, judge } from './judge.ts'
import type { Sandbox } from './sandbox.ts'

/** Checks that `train --run` reaches the weights of an uninterrupted run, whatever the folder contains. */
export async function attackRunning(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const folder = 'ended'
  const run = `${folder}/blobs`
  const args = ['train', 'blobs.yaml', '--backend', 'wasm', '--run', run]
  const signals: string[] = []
  try {
    for (let time = random.integer(1, 3); time > 0; time--) {
      const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      signals.push(signal)
      const result = await sandbox.run(args, { kill: { signal, after: random.integer(50, 1500) } })
      const isEnded = result.signal !== null || (result.code ?? 0) >= 128
      const problem = isEnded ? undefined : judge(result)
      if (problem !== undefined) return `${signals.join(', ')}: ${problem}\n    ${describeResult(result)}`
    }
    const last = await sandbox.run(args)
    const [files, expected] = [digestTree(sandbox.path(run)), digestTree(sandbox.path(sandbox.original))]
    const leftovers = findLeftovers(sandbox.path(run))
    const problem =
      judge(last) ??
      (last.code === 0 ? undefined : `exit code ${last.code}`) ??
      (files.get('model/weights.bin') === expected.get('model/weights.bin') ? undefined : 'the weights differ') ??
      (leftovers.length > 0 ? `it leaves ${leftovers.join(', ')}` : undefined)
    return problem && `${signals.join(', ')}, then --run: ${problem}\n    ${describeResult(last)}`
  } finally {
    rmSync(sandbox.path(folder), { recursive: true, force: true })
  }
}
