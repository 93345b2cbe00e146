/** Implements `shapewright setup native`: builds the native part of tfjs-node and shows the progress. */
import { setupNative } from '../setup/setupNative.ts'
import type { setupNative as declaration } from './commands/setupNative.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { createByteBar } from './byteBar.ts'
import { exitCodes } from '../system/exitCodes.ts'

type SetupNativeOptions = OptionsOf<typeof declaration>

export async function setupNativeCommand({ verbose, quiet, ...options }: SetupNativeOptions): Promise<number> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  const say = (line: string) => (quiet === true ? undefined : process.stderr.write(`${line}\n`))
  const bytes = createByteBar(process.stderr, quiet === true)
  try {
    const result = await setupNative(
      { ...options, signal: interruption.signal },
      {
        step(text) {
          bytes.stop()
          say(text)
        },
        bytes: (done, total) => bytes.update(done, total),
        note: (text) => {
          bytes.stop()
          say(`  ${text}`)
        },
        ...(verbose === true && { output: (line: string) => say(`    ${line}`) }),
      },
    )
    bytes.stop()
    process.stdout.write(`${result.message}\n`)
    return exitCodes.fine
  } finally {
    bytes.stop()
    process.removeListener('SIGINT', interrupt)
  }
}
