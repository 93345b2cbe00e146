/**
 * Runs the differential fuzz in several processes. Each ends after some thousand cases, because the engine keeps the
 * names of every network that it built. So memory stays flat, and a process that hangs or crashes is reported.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { addFuzz, nothingYet, type CaseRange, type SpecFuzz } from './fuzzSpecs.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'

/** The number of cases per process. */
const share = 4000
/** The maximum time per case, in milliseconds. */
const patience = 300_000

/** A message of a process: now and then the case that it begins, and finally its report. */
export type ChildMessage = { readonly begun: number } | { readonly report: SpecFuzz }

export interface ProcessOptions {
  readonly jobs: number
  /** No case begins after this time, in milliseconds since 1970. */
  readonly end?: number
  readonly onProgress?: (sum: SpecFuzz) => void
}

export async function fuzzInProcesses(
  { from, to }: CaseRange,
  seed: number,
  { jobs, end = Number.POSITIVE_INFINITY, onProgress = () => {} }: ProcessOptions,
): Promise<SpecFuzz> {
  const size = Math.min(share, Math.max(1, Math.ceil((to - from) / jobs)))
  const open: CaseRange[] = []
  for (let first = from; first < to; first += size) open.push({ from: first, to: Math.min(to, first + size) })
  let sum = nothingYet
  const work = async () => {
    for (let range = open.shift(); range !== undefined && Date.now() < end; range = open.shift()) {
      const { report, rest } = await fuzzRange(range, seed, end)
      sum = addFuzz(sum, report)
      onProgress(sum)
      if (rest.from < rest.to) open.unshift(rest)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return sum
}

/** Runs a range in one process. If it crashes or hangs, returns the rest of the range, and the case as a finding. */
function fuzzRange(range: CaseRange, seed: number, end: number): Promise<{ report: SpecFuzz; rest: CaseRange }> {
  const nothingLeft = { from: range.to, to: range.to }
  return new Promise((resolve) => {
    const ends = Number.isFinite(end) ? [String(end)] : []
    const child = fork(
      new URL('fuzzChild.ts', import.meta.url),
      [seed, range.from, range.to].map(String).concat(ends),
      {
        // This process may have been started with another TypeScript loader.
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    )
    let begun = range.from
    let report: SpecFuzz | undefined
    const hangs = () => child.kill('SIGKILL')
    let timer = setTimeout(hangs, patience)
    child.on('message', (message: ChildMessage) => {
      clearTimeout(timer)
      timer = setTimeout(hangs, patience)
      if ('report' in message) report = message.report
      else begun = message.begun
    })
    // The report may arrive after the process ends, but not after its channel closes.
    const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
    void Promise.all([exited, once(child, 'disconnect')]).then(([[code, signal]]) => {
      clearTimeout(timer)
      if (report) resolve({ report, rest: nothingLeft })
      else resolve({ report: fellAt(begun, range, seed, `${signal ?? code}`), rest: { from: begun + 1, to: range.to } })
    })
  })
}

/** Reports the case that ended a process. The earlier results of that process are lost. */
function fellAt(index: number, range: CaseRange, seed: number, how: string): SpecFuzz {
  const where = { type: '', options: {}, inputShapes: [], upstream: new Set<string>(), network: new Set<string>() }
  const message = `the process ended (${how}) on this case; the cases from ${range.from} on were not counted`
  const { text } = drawSpec(seedOfCase(seed, index))
  return {
    ...nothingYet,
    specs: 1,
    findings: [{ index, text, shrunk: text, difference: { kind: 'process-ends', message, ...where } }],
  }
}
