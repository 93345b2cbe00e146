/** The command line as `bin` starts it. A reader that closes the pipe early (`| head`) is no failure. */
import { main } from './cli.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
void main()
