/** Replaces regular files by pipes, devices, folders, and dangling or circular links. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { listTree } from './fileTree.ts'
import { describeResult, judge } from './judge.ts'
import { readers, spec, type Sandbox } from './sandbox.ts'

/** Functions that create something strange at an unused path, by its description. */
const strange: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  '/dev/zero': (path) => symlinkSync('/dev/zero', path),
  '/dev/null': (path) => symlinkSync('/dev/null', path),
  'a folder': (path) => mkdirSync(path),
  'a link to nothing': (path) => symlinkSync('nothing', path),
  'a link to itself': (path) => symlinkSync(path, path),
  '4 GB of zeros': (path) => {
    writeFileSync(path, '')
    truncateSync(path, 4 * 2 ** 30)
  },
}

/** Checks that a command with something strange among its inputs ends with an error, and neither hangs nor crashes. */
export async function attackInputs(sandbox: Sandbox, random: RandomSource): Promise<string | undefined> {
  const folder = `strange-${random.integer(0, 1e9)}`
  mkdirSync(sandbox.path(folder))
  const kind = random.pick(Object.keys(strange))
  const put = (...parts: readonly string[]): string => {
    const path = join(folder, ...parts)
    rmSync(sandbox.path(path), { recursive: true, force: true })
    strange[kind]!(sandbox.path(path))
    return path
  }
  cpSync(sandbox.path('pictures'), sandbox.path(folder, 'pictures'), { recursive: true })
  const specFile = join(folder, 'blobs.yaml')
  writeFileSync(sandbox.path(specFile), spec)
  const run = sandbox.copyRun()
  const tasks: readonly (() => readonly string[])[] = [
    () => ['check', put('blobs.yaml')],
    () => ['compile', put('blobs.yaml'), '-o', join(folder, 'scripts')],
    () => ['check', (put('pictures', 'dark', '0.png'), specFile), '--data'],
    () => ['train', (put('pictures', 'dark', '0.png'), specFile), '--backend', 'wasm', '--out', join(folder, 'runs')],
    () => ['data', (put('pictures', 'light'), specFile)],
    () => ['predict', run, put('seven.png'), '--backend', 'wasm'],
    () => ['diff', specFile, put('other.yaml')],
    () => ['init', put('new')],
    () => ['report', run, '-o', put('page.html')],
    () => ['export', run, '-o', put('exported')],
    () => ['compile', specFile, '-o', put('scripts')],
    () => ['train', specFile, '--backend', 'wasm', '--out', put('runs')],
    () => {
      const file = random.pick(listTree(sandbox.path(run)))
      rmSync(sandbox.path(run, file))
      strange[kind]!(sandbox.path(run, file))
      return readers[random.pick(Object.keys(readers))]!(run)
    },
  ]
  const args = random.pick(tasks)()
  const result = await sandbox.run(args)
  const problem = judge(result)
  rmSync(sandbox.path(folder), { recursive: true, force: true })
  sandbox.discard(run)
  return problem && `${kind}: ${args.join(' ')}: ${problem}\n    ${describeResult(result)}`
}
