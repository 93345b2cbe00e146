/** Checks rules that every command must keep under any attack. */
import type { CommandResult } from './runCommand.ts'

const exitCodes = new Set([0, 1, 2, 3, 130])

/** A line of a stack trace, or the line that Node.js prints above one. */
const stackTrace = /^\s+at .+(:\d+:\d+\)?|\(native\)|\(<anonymous>\))$|^node:internal|^Node\.js v\d+|^#\s+Fatal error/m

/** C0 and C1 control characters except line feed, tab and the carriage return of progress lines, and characters that change the direction of text. */
// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u

/** Returns the problem in the way a command ended, or undefined. */
export function judge(result: CommandResult): string | undefined {
  const { code, signal, stdout, stderr, timedOut } = result
  if (timedOut) return 'it hangs'
  if (code === null) return `it was ended by ${signal}`
  if (!exitCodes.has(code)) return `exit code ${code}`
  const printed = `${stdout}\n${stderr}`
  if (stackTrace.test(printed)) return 'it prints a stack trace'
  const control = controlCharacter.exec(printed)
  if (control) return `it prints the control character U+${control[0].codePointAt(0)!.toString(16).padStart(4, '0')}`
  if (code !== 0 && code !== 130 && !/\b(error|stale)\b/.test(printed))
    return `exit code ${code} without an error message`
  return undefined
}

/** Returns the last lines that a command printed, for a finding. */
export function describeResult({ code, stdout, stderr }: CommandResult): string {
  const shorten = (text: string) => text.trimEnd().split('\n').slice(-6).join('\n    ')
  return `exit code ${code}\n    ${shorten(stderr)}\n    ${shorten(stdout)}`
}
