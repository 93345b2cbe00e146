/** Shows progress on stderr. */
import type { Logs } from './measures.ts'

/** Shows a line, which the next one replaces unless it is `done`. Without a terminal, only `done` lines are printed. */
export function showProgress(line: string, done = false): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}${done ? '\n' : ''}`)
  else if (done) process.stderr.write(`${line}\n`)
}

export function formatLogs(logs: Logs): string {
  return Object.entries(logs).reduce((line, [name, value]) => `${line}  ${name} ${value.toPrecision(4)}`, '')
}
