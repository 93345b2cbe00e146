/** Runs the command line for `bin`. A reader that closes the pipe early (`| head`) is not a failure. */
import { main } from './cli.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { reportFailure } from './reportFailure.ts'
import { fileFailure } from '../system/systemError.ts'
import { guardOnFirstUse } from './terminal.ts'

guardOnFirstUse('stdout', (error) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`error: the output cannot be written: ${fileFailure(error)}.\nhelp: Send it to another place.\n`)
  process.exit(exitCodes.usage)
})
// Results go to stdout, so a command continues if nobody reads its progress.
guardOnFirstUse('stderr', () => undefined)
// Errors that no command awaits, such as those of stream events.
process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
void main().then(() => {
  // Nothing is left to do then. This skips the destruction of V8's heap, which takes 5 ms.
  process.once('beforeExit', () => process.exit())
})
