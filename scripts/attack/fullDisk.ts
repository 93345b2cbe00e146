/** Fills the disk at a random moment of a training, a report or an export. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { digestTree, findLeftovers } from './fileTree.ts'
import { describeResult, judge } from './judge.ts'
import type { Sandbox } from './sandbox.ts'

/** Runs `use` with a file system of `bytes` bytes mounted in the sandbox. */
async function withSmallDisk<T>(sandbox: Sandbox, bytes: number, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = 'small-disk'
  mkdirSync(sandbox.path(folder))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', sandbox.path(folder)], { stdio: 'ignore' })
  try {
    return await use(folder)
  } finally {
    execFileSync('umount', [sandbox.path(folder)])
    rmSync(sandbox.path(folder), { recursive: true })
  }
}

/** Whether this process may mount file systems. */
export async function canMount(sandbox: Sandbox): Promise<boolean> {
  try {
    return await withSmallDisk(sandbox, 65_536, async () => true)
  } catch {
    return false
  }
}

/** Trains on a disk that fills up: the error must say so, no temporary files may remain, and the saved files must be readable. */
export function attackTraining(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const kilobytes = random.integer(4, 400)
  return withSmallDisk(sandbox, kilobytes * 1024, async (disk) => {
    const trained = await sandbox.run(['train', 'blobs.yaml', '--backend', 'wasm', '--out', disk])
    const run = `${disk}/blobs`
    const about = `a disk of ${kilobytes} kB, train`
    const problem = judge(trained) ?? judgeFullDisk(trained.code, trained.stderr)
    if (problem !== undefined) return `${about}: ${problem}\n    ${describeResult(trained)}`
    const leftovers = findLeftovers(sandbox.path(run))
    if (leftovers.length > 0) return `${about}: it leaves ${leftovers.join(', ')}`
    if (!existsSync(sandbox.path(run))) return undefined
    // Once there is room again, the run can be resumed or read, wherever it was interrupted.
    execFileSync('mount', ['-o', 'remount,size=64m', sandbox.path(disk)])
    const resumed = await sandbox.run(['train', 'blobs.yaml', '--backend', 'wasm', '--run', run])
    const again = judge(resumed) ?? (resumed.code === 0 ? undefined : `exit code ${resumed.code}`)
    return again && `${about}, then with room again --run: ${again}\n    ${describeResult(resumed)}`
  })
}

/** Exports or reports to a disk that fills up: the run must be unchanged, and no incomplete file may remain. */
export function attackExport(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const kilobytes = random.integer(4, 60)
  const [name, out] = random.pick([
    ['export', 'out'],
    ['report', 'page.html'],
  ] as const)
  return withSmallDisk(sandbox, kilobytes * 1024, async (disk) => {
    const run = sandbox.copyRun()
    cpSync(sandbox.path('blobs.yaml'), sandbox.path(disk, 'mine.txt'))
    const before = digestTree(sandbox.path(run))
    const result = await sandbox.run([name, run, '-o', `${disk}/${out}`])
    const after = digestTree(sandbox.path(run))
    sandbox.discard(run)
    const changed = [...before].filter(([file, digest]) => after.get(file) !== digest)
    const leftovers = findLeftovers(sandbox.path(disk))
    const problem =
      judge(result) ??
      judgeFullDisk(result.code, result.stderr) ??
      (changed.length > 0 ? `the run changed: ${changed.join(', ')}` : undefined) ??
      (leftovers.length > 0 ? `it leaves ${leftovers.join(', ')}` : undefined)
    return problem && `a disk of ${kilobytes} kB, ${name}: ${problem}\n    ${describeResult(result)}`
  })
}

function judgeFullDisk(code: number | null, stderr: string): string | undefined {
  if (code === 0) return undefined
  if (!/^error: .*disk is full/m.test(stderr)) return 'the error does not say that the disk is full'
  return /^help: ./m.test(stderr) ? undefined : 'the error has no help'
}
