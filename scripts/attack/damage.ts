/** Flips bits in the files of a run and of the code cache, truncates them, and removes them. */
import { chmodSync, cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RandomSource } from '../fuzz/randomSource.ts'
import { digestTree, listTree } from './fileTree.ts'
import { describeResult, judge } from './judge.ts'
import type { CommandResult } from './runCommand.ts'
import { readers, type Sandbox } from './sandbox.ts'

type Damage = (file: string, random: RandomSource) => void

export const damages: Readonly<Record<string, Damage>> = {
  'a bit flipped': (file, random) => {
    const bytes = readFileSync(file)
    if (bytes.length === 0) return
    const at = random.integer(0, bytes.length - 1)
    bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7))
    rewrite(file, bytes)
  },
  'cut short': (file, random) => truncateSync(file, random.integer(0, Math.max(0, statSync(file).size - 1))),
  emptied: (file) => truncateSync(file, 0),
  removed: (file) => rmSync(file),
}

function rewrite(file: string, bytes: Uint8Array): void {
  const { mode } = statSync(file)
  writeFileSync(file, bytes)
  chmodSync(file, mode)
}

/** The answer of a command: its output and the files it writes, without paths, dates and speeds. */
export interface Answer {
  readonly result: CommandResult
  readonly essence: string
}

/** Runs a command that reads a run. */
export async function ask(sandbox: Sandbox, reader: string, run: string): Promise<Answer> {
  const result = await sandbox.run(readers[reader]!(run))
  const written = [...digestTree(sandbox.path(`${run}-exported`))].join('\n')
  const printed = result.stdout.replaceAll(run, 'RUN').replace(/"seconds": [\d.]+/g, '')
  return { result, essence: `${result.code}\n${printed}\n${written}` }
}

/**
 * Damages one file of a copy of the run and reads it with one command. The answer must be the same as for the undamaged
 * run, or an error that names the file. No other file of the run may be lost.
 *
 * @returns The problem, or undefined.
 */
export async function attackRun(
  sandbox: Sandbox,
  answers: ReadonlyMap<string, Answer>,
  random: RandomSource,
): Promise<string | undefined> {
  const run = sandbox.copyRun()
  const file = random.pick(listTree(sandbox.path(run)))
  const [damage, reader] = [random.pick(Object.keys(damages)), random.pick(Object.keys(readers))]
  damages[damage]!(sandbox.path(run, file), random)
  const before = digestTree(sandbox.path(run))
  const answer = await ask(sandbox, reader, run)
  const problem = judge(answer.result) ?? judgeAnswer(answer, answers.get(reader)!, file)
  const after = digestTree(sandbox.path(run))
  const lost = [...before.keys()].filter((name) => !after.has(name) && isKept(name))
  sandbox.discard(run)
  const what = problem ?? (lost.length > 0 ? `${lost.join(', ')} is gone` : undefined)
  return what && `${file} ${damage}, then ${reader}: ${what}\n    ${describeResult(answer.result)}`
}

/** Whether a file must survive. Resumed training replaces old checkpoints and results, but no other files. */
function isKept(name: string): boolean {
  return !/^checkpoints\/|^(evaluation|inspection)\.json$|run\.lock/.test(name)
}

function judgeAnswer({ result, essence }: Answer, expected: Answer, file: string): string | undefined {
  if (essence === expected.essence) return undefined
  if (`${result.stderr}${result.stdout}`.includes(basename(file))) return undefined
  return result.code === 0 ? 'it answers otherwise, and says nothing' : 'the error does not name the file'
}

/** Damages a file of the code cache: `check` must give the same answer, twice. */
export async function attackCache(sandbox: Sandbox, cache: string, random: RandomSource): Promise<string | undefined> {
  const files = listTree(cache)
  if (files.length === 0) return undefined
  const copy = `${cache}-damaged`
  cpSync(cache, copy, { recursive: true, preserveTimestamps: true })
  const [file, damage] = [random.pick(files), random.pick(Object.keys(damages))]
  damages[damage]!(join(copy, file), random)
  try {
    for (const time of ['first', 'second']) {
      const result = await sandbox.run(['check', 'blobs.yaml'], { env: { SHAPEWRIGHT_CACHE: copy } })
      const problem = judge(result) ?? (result.code === 0 ? undefined : `exit code ${result.code}`)
      if (problem !== undefined)
        return `${file} of the cache ${damage}, ${time} check: ${problem}\n    ${describeResult(result)}`
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return undefined
}
