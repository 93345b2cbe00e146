/** Runs the command that the arguments of the process name, and sets the exit code. */
import { commands, groups } from './commands/table.ts'
import { readPlainArguments } from './plainArguments.ts'
import { reportFailure } from './reportFailure.ts'

export async function main(): Promise<void> {
  const words = process.argv.slice(2)
  try {
    const call = readPlainArguments(words)
    process.exitCode = call
      ? await call.command.run(call.given)
      : await (await import('./runByCommander.ts')).runByCommander(words, { commands, groups })
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}
