/** Reads arguments with commander, by the table of commands, and runs their command. Prints help and describes mistakes. */
import { Command, CommanderError, Option } from 'commander'
import { version } from '../system/version.ts'
import { signatureOf, type Option as DeclaredOption } from './commands/declareCommand.ts'
import type { Command as TableCommand } from './commands/table.ts'
import { alignColumns } from '../report/alignColumns.ts'
import { exitCodes } from '../system/exitCodes.ts'

export interface CommandTable {
  readonly commands: readonly TableCommand[]
  /** The help of commands that only group others. */
  readonly groups: Readonly<Record<string, string>>
}

/**
 * @param words The arguments after `shapewright`.
 * @param table The table is not imported here, because esbuild links the modules of a dynamic import in a slower way.
 * @returns The exit code.
 */
export async function runByCommander(words: readonly string[], table: CommandTable): Promise<number> {
  let code: number = exitCodes.fine
  const program = createProgram(table, (result) => (code = result))
  try {
    await program.parseAsync(withFixKinds(withHelpLast(words, table)), { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has already printed the problem; --help and --version throw with exit code 0.
    return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
  }
}

type OnResult = (code: number) => void

function createProgram({ commands, groups }: CommandTable, onResult: OnResult): Command {
  const program = new Command('shapewright')
    .description('Checks model specs, trains their networks, and compiles them to training scripts.')
    .version(version, '-V, --version')
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()
  for (const command of commands) addCommand(program, command, groups, onResult)
  return program
}

function addCommand(
  program: Command,
  { declaration, run }: TableCommand,
  groups: CommandTable['groups'],
  onResult: OnResult,
): void {
  const { name, help, examples } = declaration
  const words = name.split(' ')
  const command = parentOf(program, words.slice(0, -1), groups).command(words.at(-1)!).description(help)
  for (const [syntax, about, byDefault] of declaration.arguments) command.argument(syntax, about, byDefault)
  for (const [key, option] of Object.entries(declaration.options)) command.addOption(readOption(key, option))
  // Commander counts an unknown option as an argument.
  if (declaration.ignoresOtherOptions === true) command.allowUnknownOption().allowExcessArguments()
  const lines = alignColumns(examples.map(([line, effect]) => ['', `shapewright ${line}`, `# ${effect}`]))
  command.addHelpText('after', ['\nExamples:', ...lines].join('\n'))
  // Commander passes the arguments, the options and the command.
  command.action(async (...given: unknown[]) => onResult(await run(given.slice(0, -1))))
}

/** The parent of a subcommand: `data` for `data get`; for `setup native`, a command that only groups others. */
function parentOf(program: Command, names: readonly string[], groups: CommandTable['groups']): Command {
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

/**
 * Replaces `help data get` by `data get --help`, because commander's own `help` takes one word. Drops what follows an unknown
 * command, because `--help` would hide the mistake.
 */
function withHelpLast(words: readonly string[], { commands, groups }: CommandTable): readonly string[] {
  const asked = words[0] === 'help' ? [...words.slice(1), '--help'] : words
  const named = asked.slice(0, Object.hasOwn(groups, asked[0] ?? '') ? 2 : 1)
  const isCommand = commands.some(({ declaration: { name } }) => `${name} `.startsWith(`${named.join(' ')} `))
  return isCommand || named.some((word) => word.startsWith('-')) ? asked : named
}

/** Replaces `--fix` without a value by `--fix=rewrites`, so in `check --fix SPEC` the next argument is a file. */
function withFixKinds(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  const isFix = (arg: string, index: number) => arg === '--fix' && (end < 0 || index < end)
  return args[0] === 'check' ? args.map((arg, index) => (isFix(arg, index) ? '--fix=rewrites' : arg)) : [...args]
}
