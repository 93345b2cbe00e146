/** Declares a command as data: its arguments, options and help. The parameter types of its action are derived from it. */

/** The syntax of an argument, such as `<spec>`, `[name]` or `<specs...>`, its help, and its default. */
export type Argument =
  readonly [syntax: string, help: string] | readonly [syntax: string, help: string, byDefault: string]

export interface Option<Value = unknown> {
  readonly help: string
  /** The syntax of its value: `<n>`, or `[folder]` if it is optional. Absent for a switch. */
  readonly value?: string
  /** The letter of the short form. */
  readonly short?: string
  readonly choices?: readonly string[]
  readonly parse?: (text: string) => Value
  readonly default?: Value
  /** Whether it may be given several times, which gives a list of its values. */
  readonly isList?: true
}

/** An option that always has a value. */
type Defaulted<Value> = Option<Value> & { readonly default: Value }

export interface Declaration<
  Arguments extends readonly Argument[] = readonly Argument[],
  Options extends Readonly<Record<string, Option>> = Readonly<Record<string, Option>>,
> {
  /** One word, or two for a subcommand: `data get`. */
  readonly name: string
  readonly help: string
  readonly arguments: Arguments
  /** The options by their names in the action; `maxWarnings` is written `--max-warnings`. */
  readonly options: Options
  /** The arguments after `shapewright`, and their effect. */
  readonly examples: readonly (readonly [line: string, effect: string])[]
  /** Whether other options are accepted, and ignored. */
  readonly ignoresOtherOptions?: true
}

export function declareCommand<
  const Arguments extends readonly Argument[],
  const Options extends Readonly<Record<string, Option>>,
>(declaration: Declaration<Arguments, Options>): Declaration<Arguments, Options> {
  return declaration
}

/** The options that the action of a command takes. */
export type OptionsOf<D extends Declaration> = ValuesOf<D['options']>

export type ValuesOf<Options> = {
  readonly [Name in keyof Options as Options[Name] extends Defaulted<unknown> ? Name : never]: ValueOf<Options[Name]>
} & {
  readonly [Name in keyof Options as Options[Name] extends Defaulted<unknown> ? never : Name]?: ValueOf<Options[Name]>
}

type ValueOf<O> = O extends Option<infer Value> ? Value : never

/** The arguments that the action of a command takes, before its options. */
export type ArgumentsOf<Arguments extends readonly Argument[]> = {
  -readonly [Index in keyof Arguments]: ArgumentValue<Arguments[Index]>
}

type ArgumentValue<A> = A extends readonly [string, string, string]
  ? string
  : A extends readonly [`${string}...${string}`, string]
    ? readonly string[]
    : A extends readonly [`<${string}`, string]
      ? string
      : string | undefined

/** The flag of an option: `--max-warnings`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** How an option is listed: `-o, --out-dir <folder>`. */
export function signatureOf(name: string, { short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}${flagOf(name)}${value === undefined ? '' : ` ${value}`}`
}

export function on(help: string, short?: string): Option<boolean> {
  return { help, ...(short !== undefined && { short }) }
}

export function text(value: `<${string}>`, help: string, short?: string): Option<string> {
  return { help, value, ...(short !== undefined && { short }) }
}

/** An option with an optional value; `true` if it is given without a value. */
export function textOrTrue(value: `[${string}]`, help: string): Option<string | true> {
  return { help, value }
}

/** An option that may be given several times. */
export function list(value: `<${string}>`, help: string): Option<readonly string[]> {
  return { help, value, isList: true }
}

export function choice<const Names extends readonly string[]>(
  value: string,
  help: string,
  choices: Names,
): Option<Names[number]> {
  return { help, value, choices }
}

export function number(value: `<${string}>`, help: string, parse: (text: string) => number): Option<number> {
  return { help, value, parse }
}

export function withDefault<Value>(option: Option<Value>, byDefault: Value): Defaulted<Value> {
  return { ...option, default: byDefault }
}

/** The error of a value that an option cannot have. Commander recognizes it by its code, and adds the option. */
class InvalidValue extends Error {
  readonly code = 'commander.invalidArgument'
}

export function wholeNumber(least: number, most = 0x7fffffff): (text: string) => number {
  return (written) => {
    const value = /^\d+$/.test(written) ? Number(written) : Number.NaN
    if (value > most) throw new InvalidValue(`It must be at most ${most}.`)
    if (value >= least) return value
    throw new InvalidValue(`It must be a whole number, at least ${least}.`)
  }
}

export function positiveNumber(written: string): number {
  const value = Number(written)
  if (written.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidValue('It must be a number above 0.')
}
