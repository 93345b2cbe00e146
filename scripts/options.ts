/** The options of development programs: a table, from which commander reads the arguments and prints the help. */
import { Command, InvalidArgumentError, Option as ParsedOption } from 'commander'
import { alignColumns } from '../src/report/alignColumns.ts'
import { flagOf } from '../src/cli/commands/declareCommand.ts'

export interface Option {
  readonly kind: 'text' | 'number' | 'flag'
  readonly help: string
  /** What `--help` prints for the value: FILE, N. */
  readonly value?: string
  readonly default?: string | number
  /** The texts that are allowed. */
  readonly choices?: readonly string[]
}

type Options = Readonly<Record<string, Option>>

interface Kinds {
  readonly text: string
  readonly number: number
  readonly flag: true
}

type ValueOf<O extends Option> =
  Kinds[O['kind']] | (O extends { readonly default: string | number } ? never : undefined)

export interface Program<T extends Options> {
  /** What comes after `npm run`: `bench -- memory [SPEC…]`. */
  readonly command: string
  readonly about: string
  readonly options: T
  /** The arguments: those of the process by default. */
  readonly args?: readonly string[]
}

interface Arguments<T extends Options> {
  readonly values: { readonly [K in keyof T]: ValueOf<T[K]> }
  readonly positionals: readonly string[]
}

/** Reads the arguments of a program. Prints the help and exits for `--help`, and exits with 2 for wrong arguments. */
export function readOptions<const T extends Options>(program: Program<T>): Arguments<T> {
  const parser = createParser(program).exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  parser.parse(program.args ?? process.argv.slice(2), { from: 'user' })
  return { values: parser.opts(), positionals: parser.args }
}

export function createParser({ command, about, options }: Program<Options>): Command {
  const parser = new Command('npm run').usage(command).description(about).allowExcessArguments()
  for (const [name, option] of Object.entries(options)) parser.addOption(readOption(name, option))
  return parser.configureHelp({ helpWidth: 120 }).showHelpAfterError(hintOf(command))
}

function readOption(name: string, { kind, help, value, choices, default: byDefault }: Option): ParsedOption {
  const flag = flagOf(name)
  const option = new ParsedOption(kind === 'flag' ? flag : `${flag} <${value ?? name}>`, help).default(byDefault)
  if (kind === 'number') option.argParser(readNumber)
  return choices === undefined ? option : option.choices(choices)
}

function readNumber(text: string): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** Ends the program because of its arguments. */
export function refuseArguments(command: string, reason: string): never {
  console.error(`error: ${reason}\n${hintOf(command)}`)
  process.exit(2)
}

function hintOf(command: string): string {
  const named = command.replace(/ [A-Z[].*/, '')
  return `npm run ${named}${named.includes('--') ? '' : ' --'} --help lists the options.`
}

/** Lists what an argument may be, for `about`. */
export function listChoices(choices: Readonly<Record<string, { readonly help: string }>>): string {
  const rows = Object.entries(choices).map(([name, { help }]) => ['', name, help])
  return alignColumns(rows).join('\n')
}
