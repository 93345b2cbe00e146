/** Parses the arguments of the process by the table of commands, runs the command and sets the exit code. */
import { Command, CommanderError, Option } from 'commander'
import { version } from '../system/version.ts'
import { signatureOf, type Option as DeclaredOption } from './commands/declareCommand.ts'
import { commands, groups, type Command as TableCommand } from './commands/table.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { reportFailure } from './reportFailure.ts'
import { guardStream } from './terminal.ts'

function createProgram(): Command {
  const program = new Command('shapewright')
    .description('Checks model specs, trains their networks, and compiles them to training scripts.')
    .version(version, '-V, --version')
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()
  for (const command of commands) addCommand(program, command)
  return program
}

function addCommand(program: Command, { declaration, run }: TableCommand): void {
  const { name, help, examples } = declaration
  const words = name.split(' ')
  const command = parentOf(program, words.slice(0, -1)).command(words.at(-1)!).description(help)
  for (const [syntax, about, byDefault] of declaration.arguments) command.argument(syntax, about, byDefault)
  for (const [key, option] of Object.entries(declaration.options)) command.addOption(readOption(key, option))
  // Commander counts an unknown option as an argument.
  if (declaration.ignoresOtherOptions === true) command.allowUnknownOption().allowExcessArguments()
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, effect]) => `  shapewright ${line.padEnd(width)}  # ${effect}\n`)
  command.addHelpText('after', `\nExamples:\n${lines.join('')}`.trimEnd())
  // Commander passes the arguments, the options and the command.
  command.action(async (...given: unknown[]) => exit(await run(given.slice(0, -1))))
}

/** The parent of a subcommand: `data` for `data get`; for `setup native`, a command that only groups others. */
function parentOf(program: Command, names: readonly string[]): Command {
  return names.reduce((parent, name) => {
    const found = parent.commands.find((one) => one.name() === name)
    return found ?? parent.command(name).description(groups[name]!)
  }, program)
}

function readOption(key: string, declared: DeclaredOption): Option {
  const option = new Option(signatureOf(key, declared), declared.help)
  // `--no-open` is the switch `noOpen`, not the negation of an option `open`.
  option.negate = false
  if (declared.choices !== undefined) option.choices(declared.choices)
  if (declared.parse !== undefined) option.argParser(declared.parse)
  if (declared.isList === true) option.argParser((text, before: readonly string[] = []) => [...before, text])
  if (declared.default !== undefined) option.default(declared.default)
  return option
}

function exit(code: number): void {
  process.exitCode = code
}

/** Replaces `--fix` without a value by `--fix=rewrites`, so in `check --fix SPEC` the next argument is a file. */
function withFixKinds(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  const isFix = (arg: string, index: number) => arg === '--fix' && (end < 0 || index < end)
  return args[2] === 'check' ? args.map((arg, index) => (isFix(arg, index) ? '--fix=rewrites' : arg)) : [...args]
}

/** Runs the command that the arguments of the process name. */
export async function main(): Promise<void> {
  guardStream(process.stdout)
  guardStream(process.stderr)
  try {
    await createProgram().parseAsync(withFixKinds(process.argv))
  } catch (error) {
    // Commander has already printed the problem; --help and --version throw with exit code 0.
    if (error instanceof CommanderError) exit(error.exitCode === 0 ? exitCodes.fine : exitCodes.usage)
    else exit(reportFailure(error))
  }
}
