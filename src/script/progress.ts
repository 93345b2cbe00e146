/** Progress on stderr. */
import type { Logs } from './measures.ts'

/** Shows a line of progress, which the next one replaces; without a terminal only those that are `done`, which stay. */
export function showProgress(line: string, done = false): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}${done ? '\n' : ''}`)
  else if (done) process.stderr.write(`${line}\n`)
}

export function formatLogs(logs: Logs): string {
  return Object.entries(logs).reduce((line, [name, value]) => `${line}  ${name} ${value.toPrecision(4)}`, '')
}
