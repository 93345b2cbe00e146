/** The options of development programs: one table reads the arguments and prints the help. */
import { parseArgs } from 'node:util'

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
  readonly flag: boolean
}

type ValueOf<O extends Option> = O['kind'] extends 'flag'
  ? boolean
  : Kinds[O['kind']] | (O extends { readonly default: string | number } ? never : undefined)

type Values<T extends Options> = { readonly [K in keyof T]: ValueOf<T[K]> }

export interface Program<T extends Options> {
  /** What comes after `npm run`: `bench -- memory [SPEC…]`. */
  readonly command: string
  readonly about: string
  readonly options: T
  /** The arguments: those of the process by default. */
  readonly args?: readonly string[]
}

interface Arguments<T extends Options> {
  readonly values: Values<T>
  readonly positionals: readonly string[]
}

/**
 * Reads the arguments of a program. Prints the help and exits for `--help`, and exits with 2 where `parseOptions`
 * throws.
 */
export function readOptions<const T extends Options>(program: Program<T>): Arguments<T> {
  const { command, options, args = process.argv.slice(2) } = program
  if (args.includes('--help') || args.includes('-h')) {
    console.log(describeProgram(program))
    process.exit(0)
  }
  try {
    return parseOptions(options, args)
  } catch (error) {
    return refuseArguments(command, (error as Error).message)
  }
}

/**
 * Parses arguments.
 *
 * @throws Error if an option is unknown, lacks its value, or isn't a number or a choice where one is expected.
 */
export function parseOptions<const T extends Options>(options: T, args: readonly string[]): Arguments<T> {
  const { values, positionals } = parseArgs({ args, options: parserOptions(options), allowPositionals: true })
  return { values: readValues(options, values), positionals }
}

/** Ends the program because of its arguments. */
export function refuseArguments(command: string, reason: string): never {
  // The parser of Node adds advice to the first sentence, which few arguments need.
  const [sentence = ''] = reason.split('. ')
  const named = command.replace(/ [A-Z[].*/, '')
  const help = `npm run ${named}${named.includes('--') ? '' : ' --'} --help`
  console.error(`${sentence.replace(/\.?$/, '.')}\n${help} lists the options.`)
  process.exit(2)
}

function parserOptions(options: Options) {
  const rows = Object.entries(options).map(
    ([name, { kind }]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' }] as const,
  )
  return Object.fromEntries(rows)
}

function readValues<T extends Options>(options: T, given: Readonly<Record<string, unknown>>): Values<T> {
  const read = ([name, option]: readonly [string, Option]) => [name, readValue(name, option, given[name])]
  return Object.fromEntries(Object.entries(options).map(read)) as Values<T>
}

function readValue(name: string, { kind, choices, default: byDefault }: Option, given: unknown): unknown {
  if (kind === 'flag') return given === true
  if (given === undefined) return byDefault
  if (kind === 'number' && (given === '' || !Number.isFinite(Number(given))))
    throw new Error(`--${name} must be a number, not '${String(given)}'.`)
  if (choices !== undefined && !choices.includes(String(given)))
    throw new Error(`--${name} must be one of ${choices.join(', ')}, not '${String(given)}'.`)
  return kind === 'number' ? Number(given) : given
}

function describeProgram({ command, about, options }: Program<Options>): string {
  const rows = Object.entries(options).map(([name, { value, choices, help, default: byDefault }]) => {
    const left = `--${name} ${choices?.join('|') ?? value ?? ''}`.trimEnd()
    return [
      left,
      byDefault === undefined || byDefault === '' || byDefault === Infinity ? help : `${help} (default: ${byDefault})`,
    ] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length), '--help'.length)
  const lines = [...rows, ['--help', 'prints this text']].map(
    ([left = '', right]) => `  ${left.padEnd(width)}  ${right}`,
  )
  return [about, '', `usage: npm run ${command}`, '', ...lines].join('\n')
}
