/** Closes the reader of a command's output, as `| head -1` or closing a terminal does. */
import { rmSync } from 'node:fs'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { digestTree } from './fileTree.ts'
import { describeResult, judge } from './judge.ts'
import { readers, type Sandbox } from './sandbox.ts'

/** Checks that training continues without a reader, and saves the same files. */
export async function attackTrainingOutput(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const close = { stream: random.pick(['stdout', 'stderr', 'both'] as const), after: random.integer(0, 400) }
  const out = 'closed'
  const args = ['train', 'blobs.yaml', '--backend', 'wasm', '--out', out]
  const result = await sandbox.run(args, { close })
  const files = digestTree(sandbox.path(out, 'blobs'))
  const expected = digestTree(sandbox.path(sandbox.original))
  const missing = [...expected.keys()].filter((name) => !files.has(name))
  const weights = 'model/weights.bin'
  rmSync(sandbox.path(out), { recursive: true, force: true })
  const problem =
    judge(result) ??
    (result.code === 0 ? undefined : `exit code ${result.code}`) ??
    (missing.length > 0 ? `${missing.join(', ')} is missing` : undefined) ??
    (files.get(weights) === expected.get(weights) ? undefined : 'the weights differ')
  return (
    problem && `train, ${close.stream} closed after ${close.after} bytes: ${problem}\n    ${describeResult(result)}`
  )
}

/** Checks that commands that only print end without an error. */
export async function attackOutput(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const run = sandbox.copyRun()
  const others = [['check', 'blobs.yaml'], ['explain'], ['schema'], ['--help'], ['summary', 'blobs.yaml']]
  const args = random.pick([...others, ...Object.values(readers).map((reader) => reader(run))])
  const close = { stream: random.pick(['stdout', 'stderr', 'both'] as const), after: random.integer(0, 100) }
  const result = await sandbox.run(args, { close })
  sandbox.discard(run)
  const problem = judge(result) ?? (result.code === 0 ? undefined : `exit code ${result.code}`)
  return problem && `${args.join(' ')}, ${close.stream} closed: ${problem}\n    ${describeResult(result)}`
}
