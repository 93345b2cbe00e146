/** Shows progress on stderr. */
import type { Logs } from './measures.ts'

/** Shows a line, which the next one replaces unless it is `done`. Without a terminal, prints `done` lines and one every 5 s. */
export function showProgress(line: string, done = false): void {
  if (!process.stderr.isTTY && !done && performance.now() < nextLineAt) return
  nextLineAt = performance.now() + 5000
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${done ? '\n' : ''}` : `${line}\n`)
}

let nextLineAt = 5000 // in milliseconds since the start

export function formatLogs(logs: Logs): string {
  return Object.entries(logs).reduce((line, [name, value]) => `${line}  ${name} ${value.toPrecision(4)}`, '')
}
