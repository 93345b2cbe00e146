/** The lines of a block of shell commands, and what is known of them without running them. */
import { flagOf } from '../../src/cli/commands/declareCommand.ts'
import { commands } from '../../src/cli/commands/table.ts'

/** Commands that a test cannot run, and why. Their flags are checked. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^shapewright setup native/, 'builds or downloads TensorFlow'],
  [/^shapewright data get/, 'downloads a dataset'],
  [/^shapewright doctor/, 'measures the engines of the machine'],
  [/ --watch\b/, 'runs until it is stopped'],
  [/^npm /, 'works on the package or the repository'],
  [/^npx vitest /, 'runs tests'],
  [/^git clone /, 'needs the address of the repository'],
]

/** The commands of a block, without comments; a backslash at the end of a line joins it with the next. */
export function commandsOf(block: string): string[] {
  const lines = block.replaceAll('\\\n', ' ').split('\n')
  return lines.map((line) => withoutComment(line).replace(/^\$ /, '').trim()).filter((line) => line !== '')
}

function withoutComment(line: string): string {
  let quote = ''
  for (const [index, letter] of [...line].entries()) {
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '#' && (index === 0 || line[index - 1] === ' ')) return line.slice(0, index)
  }
  return line
}

/** `npx shapewright check` → `shapewright check`. */
function bare(line: string): string {
  return line.replace(/^npx (?=shapewright )/, '')
}

/** Why a line is not run; undefined if it is. */
export function reasonNotToRun(line: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(bare(line)))?.[1]
}

/** What is wrong with a command: one that does not exist, or a flag that it does not have. */
export function misuseOf(line: string, scripts: Readonly<Record<string, string>>): string[] {
  return line.split(/ && | \| /).flatMap((command) => {
    const words = bare(command.trim()).split(/\s+/)
    if (words[0] === 'npm') return misuseOfNpm(words, scripts)
    return words[0] === 'shapewright' ? misuseOfCommand(words.slice(1)) : []
  })
}

function misuseOfNpm([, verb, name]: readonly string[], scripts: Readonly<Record<string, string>>): string[] {
  const script = verb === 'run' ? name! : verb === 'test' || verb === 'start' ? verb : undefined
  return script === undefined || Object.hasOwn(scripts, script) ? [] : [`package.json has no script ${script}`]
}

function misuseOfCommand(words: readonly string[]): string[] {
  const longest = commands.toSorted((a, b) => b.declaration.name.length - a.declaration.name.length)
  const found = longest.find(({ declaration: { name } }) => `${words.join(' ')} `.startsWith(`${name} `))
  if (!found) return words[0]?.startsWith('-') ? [] : [`there is no command ${words[0]}`]
  const { name, options } = found.declaration
  const known = new Set([
    '--help',
    ...Object.entries(options).flatMap(([key, { short }]) => [flagOf(key), `-${short}`]),
  ])
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]!)
  return flags.filter((flag) => !known.has(flag)).map((flag) => `${name} has no option ${flag}`)
}
