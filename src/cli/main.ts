/** The command line as `bin` starts it. A reader that closes the pipe early (`| head`) is no failure. */
import { main } from './cli.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { reportFailure } from './reportFailure.ts'
import { fileFailure } from '../system/systemError.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`error: the output cannot be written: ${fileFailure(error)}.\nhelp: Send it to another place.\n`)
  process.exit(exitCodes.usage)
})
// Results go to stdout: a command without a reader of its progress continues.
process.stderr.on('error', () => undefined)
// What no command waits for: an event of a stream, for one.
process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
void main()
