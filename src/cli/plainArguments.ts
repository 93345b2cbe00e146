/**
 * Reads arguments without mistakes by the table of commands, so that a common call need not load commander, which takes as
 * long as checking a spec. Commander reads all others: abbreviations, calls for help, and mistakes, which it describes.
 */
import { flagOf, type Argument, type Option } from './commands/declareCommand.ts'
import { commands, type Command } from './commands/table.ts'

export interface Call {
  readonly command: Command
  /** The arguments of the action, followed by its options. */
  readonly given: readonly unknown[]
}

/** @param words The arguments after `shapewright`. Returns undefined if they need commander. */
export function readPlainArguments(words: readonly string[]): Call | undefined {
  const named = (count: number) =>
    commands.find(({ declaration }) => declaration.name === words.slice(0, count).join(' '))
  const command = named(2) ?? named(1)
  if (command === undefined || command.declaration.ignoresOtherOptions === true) return undefined
  const { declaration } = command
  const read = readWords(words.slice(declaration.name.split(' ').length), declaration.options)
  if (read === undefined || namesSubcommand(declaration.name, read.operands)) return undefined
  const given = assignOperands(declaration.arguments, read.operands)
  return given && { command, given: [...given, read.options] }
}

/** Whether commander would call a subcommand, as in `data --quiet get`. */
function namesSubcommand(name: string, [first]: readonly string[]): boolean {
  return commands.some(({ declaration }) => declaration.name === `${name} ${first}`)
}

interface ReadWords {
  readonly operands: readonly string[]
  readonly options: Record<string, unknown>
}

function readWords(words: readonly string[], declared: Readonly<Record<string, Option>>): ReadWords | undefined {
  const operands: string[] = []
  const options: Record<string, unknown> = {}
  for (const [key, option] of Object.entries(declared)) if (option.default !== undefined) options[key] = option.default
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    const [flag, inline] = splitAtEqualsSign(word)
    const [key, option] = Object.entries(declared).find(([name, one]) => hasFlag(name, one, flag)) ?? []
    if (key === undefined || option === undefined) return undefined
    if (option.value === undefined) {
      if (inline !== undefined) return undefined
      options[key] = true
      continue
    }
    // Whether the next word is the value of `--data` depends on commander's rules.
    if (inline === undefined && option.value.startsWith('[')) return undefined
    const text = inline ?? words[(index += 1)]
    if (text === undefined || text === '' || (inline === undefined && text.startsWith('-'))) return undefined
    const value = readValue(option, text)
    if (value === undefined) return undefined
    options[key] = option.isList === true ? [...((options[key] as readonly unknown[] | undefined) ?? []), value] : value
  }
  return { operands, options }
}

function hasFlag(name: string, { short }: Option, flag: string): boolean {
  return flag === flagOf(name) || (short !== undefined && flag === `-${short}`)
}

/** `-o=out` stays as it is: commander reads it as the value `=out`. */
function splitAtEqualsSign(word: string): [flag: string, value: string | undefined] {
  const place = word.indexOf('=')
  return place < 0 || !word.startsWith('--') ? [word, undefined] : [word.slice(0, place), word.slice(place + 1)]
}

function readValue({ choices, parse }: Option, text: string): unknown {
  if (choices !== undefined && !choices.includes(text)) return undefined
  try {
    return parse === undefined ? text : parse(text)
  } catch {
    return undefined
  }
}

/** Returns undefined if there are too few or too many. */
function assignOperands(declared: readonly Argument[], operands: readonly string[]): unknown[] | undefined {
  const isVariadic = declared.at(-1)?.[0].includes('...') === true
  if (operands.length > declared.length && !isVariadic) return undefined
  const values = declared.map(([syntax, , byDefault], index) =>
    syntax.includes('...') ? operands.slice(index) : (operands[index] ?? byDefault),
  )
  const required = declared.filter(([syntax]) => syntax.startsWith('<')).length
  return operands.length < required ? undefined : values
}
