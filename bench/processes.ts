/** Times whole processes in turn, so that a change of the machine's speed affects all of them. */
import { spawnSync } from 'node:child_process'

export interface Contestant {
  readonly name: string
  readonly args: readonly string[]
}

/** Returns the seconds of each run, by contestant, after one run of each that does not count. */
export function timeInTurn(contestants: readonly Contestant[], runs: number): Map<string, number[]> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  for (let run = -1; run < runs; run += 1) {
    for (const { name, args } of contestants) {
      const start = process.hrtime.bigint()
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      if (status !== 0) throw new Error(`${name} exited with ${status}: ${stderr}`)
      if (run >= 0) times.get(name)!.push(seconds)
    }
  }
  return times
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Returns the median of the ratios of corresponding runs. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / b[index]!))
}

export const milliseconds = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`
