/** Runs the fuzz of imports in a process, so that a crash or a hang is a finding and ends no more than it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { WorkerMessage } from './importWorker.ts'

/** What a case may take: seconds of CPU, and megabytes of the process. */
const limits = { cpu: 10, memory: 1500 }
const longestSilence = 120_000
/** The number of cases of a process: the memory of HDF5 only grows. */
const share = 2000

export interface ImportFuzz {
  readonly cases: number
  /** The number of each outcome, by format. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly findings: number
  readonly slowest: number
  readonly memory: number
}

export interface ImportRun {
  readonly from: number
  readonly count: number
  readonly seed: number
  /** In milliseconds since 1970. */
  readonly end: number
  readonly onFinding: (index: number, problem: string) => void
}

export async function fuzzImports({ from, count, seed, end, onFinding }: ImportRun): Promise<ImportFuzz> {
  const outcomes = new Map<string, Map<string, number>>()
  let [next, cases, findings, slowest, memory] = [from, 0, 0, 0, 0]
  const find = (index: number, problem: string) => {
    findings += 1
    onFinding(index, problem)
  }
  const take = (one: WorkerMessage) => {
    cases += 1
    next = one.index + 1
    slowest = Math.max(slowest, one.cpu)
    memory = Math.max(memory, one.memory)
    if (one.problem !== undefined) find(one.index, one.problem)
    if (one.cpu > limits.cpu) find(one.index, `it took ${one.cpu.toFixed(1)} s of CPU`)
    if (one.memory > limits.memory) find(one.index, `the process has ${one.memory.toFixed(0)} MB`)
    const ofFormat = outcomes.get(one.format) ?? new Map<string, number>()
    const outcome = one.outcome ?? 'failed'
    outcomes.set(one.format, ofFormat.set(outcome, (ofFormat.get(outcome) ?? 0) + 1))
  }
  while (next < from + count && Date.now() < end) {
    const ended = await runShare({ seed, from: next, to: Math.min(from + count, next + share), end }, take)
    if (ended !== undefined) {
      find(next, `the process ended by ${ended}`)
      next += 1
    }
  }
  return { cases, outcomes, findings, slowest, memory }
}

/** Returns the code or signal of a process that did not end by itself. */
async function runShare(
  { seed, from, to, end }: { readonly seed: number; readonly from: number; readonly to: number; readonly end: number },
  take: (one: WorkerMessage) => void,
): Promise<string | undefined> {
  const child = fork(new URL('importWorker.ts', import.meta.url), [seed, from, to].map(String), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=700'],
  })
  let [last, isOver] = [Date.now(), false]
  const watch = setInterval(() => {
    if (Date.now() - last > longestSilence) child.kill('SIGKILL')
    if (Date.now() > end) {
      isOver = true
      child.kill('SIGTERM')
    }
  }, 500)
  child.on('message', (message: WorkerMessage) => {
    last = Date.now()
    take(message)
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearInterval(watch)
  return isOver || code === 0 ? undefined : (signal ?? `the exit code ${code}`)
}
