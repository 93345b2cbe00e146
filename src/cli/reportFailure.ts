/** Prints the error that ended a command: a known failure with its message and help, a bug with its stack trace. */
import { escapeInLine } from '../system/controlCharacters.ts'
import { asKnownError } from '../system/systemError.ts'
import { version } from '../system/version.ts'
import { exitCodeOf, exitCodes } from '../system/exitCodes.ts'

/** @returns The exit code. */
export function reportFailure(error: unknown): number {
  const known = asKnownError(error)
  if (known) {
    process.stderr.write(`error: ${escapeInLine(known.message)}\nhelp: ${escapeInLine(known.help)}\n`)
    return exitCodeOf(known)
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(
    `error: this is a bug in shapewright ${version} (Node ${process.version}, ${process.platform} ${process.arch}):\n${trace}\n` +
      'help: Report it to the maintainers, with the command, the spec and the lines above.\n',
  )
  return exitCodes.usage
}
