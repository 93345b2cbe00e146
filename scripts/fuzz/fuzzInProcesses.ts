/**
 * The differential fuzz in processes of its own, some at a time. Each takes some thousand cases and ends, for the engine
 * remembers names of every network that it built; so memory stays flat, and one that hangs or falls is told of.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { addFuzz, nothingYet, type CaseRange, type SpecFuzz } from './fuzzSpecs.ts'
import { seedOfCase } from './randomSource.ts'
import { drawSpec } from './randomSpec.ts'

/** Cases that one process takes. */
const share = 4000
/** How long one case may take. */
const patience = 300_000

/** What a process tells: the case it begins, now and then, and at last its report. */
export type ChildMessage = { readonly begun: number } | { readonly report: SpecFuzz }

export interface ProcessOptions {
  readonly jobs: number
  /** Cases begun behind this time, in milliseconds since 1970, are left out. */
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

/** One process over a range; the rest of the range where it fell or hung, with the case that did it as a finding. */
function fuzzRange(range: CaseRange, seed: number, end: number): Promise<{ report: SpecFuzz; rest: CaseRange }> {
  const nothingLeft = { from: range.to, to: range.to }
  return new Promise((resolve) => {
    const ends = Number.isFinite(end) ? [String(end)] : []
    const child = fork(
      new URL('fuzzChild.ts', import.meta.url),
      [seed, range.from, range.to].map(String).concat(ends),
      {
        // Whoever runs this may have read TypeScript by other means.
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
    // A report may still be under way when the process has ended, but not when its channel has.
    const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
    void Promise.all([exited, once(child, 'disconnect')]).then(([[code, signal]]) => {
      clearTimeout(timer)
      if (report) resolve({ report, rest: nothingLeft })
      else resolve({ report: fellAt(begun, range, seed, `${signal ?? code}`), rest: { from: begun + 1, to: range.to } })
    })
  })
}

/** What came before in that process is lost, so its range begins anew behind the case that ended it. */
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
