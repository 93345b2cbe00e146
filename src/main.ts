/** The command line as `bin` starts it. A reader that closes the pipe early (`| head`) is no failure. */
import { main } from './cli.ts'
import { reportFailure } from './cli/reportFailure.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
// What no command waits for: an event of a stream, for one.
process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
void main()
