/** Arguments that are read without commander: commander would read them in the same way. */
import { describe, expect, it } from 'vitest'
import { commands, groups } from '../../src/cli/commands/table.ts'
import { readPlainArguments } from '../../src/cli/plainArguments.ts'
import { runByCommander } from '../../src/cli/runByCommander.ts'

/** The name of the command that commander calls, and what its action gets. */
async function readByCommander(words: readonly string[]): Promise<readonly [name: string, given: readonly unknown[]]> {
  const calls: (readonly [string, readonly unknown[]])[] = []
  const recording = commands.map((command) => ({
    ...command,
    run: async (given: readonly unknown[]) => await Promise.resolve(calls.push([command.declaration.name, given])),
  }))
  await runByCommander(words, { commands: recording, groups })
  return calls[0]!
}

const examples = commands.flatMap(({ declaration }) => declaration.examples.map(([line]) => line.split(' ')))
const rows: readonly (readonly string[])[] = [
  ...examples.filter((words) => words.every((word) => !/['">|]/.test(word)) && words[0] !== 'lsp'),
  ['check'],
  ['check', '-'],
  ['check', 'a.yaml', '', 'b c.yaml'],
  ['check', 'a.yaml', '--format', 'json', 'b.yaml', '-q'],
  ['check', '--format=sarif', '--max-warnings=0', 'a.yaml', '--watch'],
  ['check', '--fix=all', '--data=folder', 'a.yaml'],
  ['check', '--set', 'vars.a=1', '--set=vars.b=x=2', 'a.yaml'],
  ['compile', 'a.yaml', '-o', 'out', '--target', 'keras', '--project'],
  ['init'],
  ['runs', '--format', 'json'],
  ['studio', '--no-open', '--port', '4000'],
  ['data', 'mnist'],
  ['data', 'get', 'mnist'],
  ['predict', 'runs/a', 'a.png', 'b.png', '--top', '3'],
  ['setup', 'native'],
]

it.each(rows.map((words) => [words.join(' '), words] as const))('%s', async (_line, words) => {
  const plain = readPlainArguments(words)
  // `--fix`, `--data` and such may take the next word as their value.
  if (plain === undefined) expect(words.some((word) => /^--\w+$/.test(word))).toBe(true)
  else expect([plain.command.declaration.name, plain.given]).toEqual(await readByCommander(words))
})

describe('arguments that need commander', () => {
  it.each([
    'chekc',
    'help check',
    '--version',
    '-V',
    'check --help',
    'check a.yaml --fix',
    'check --data a.yaml',
    'check a.yaml --formta json',
    'check a.yaml --format yaml',
    'check a.yaml --format',
    'check a.yaml --max-warnings=-1',
    'check a.yaml --max-warnings --watch',
    'check a.yaml --quiet=1',
    'check -- --odd.yaml',
    'compile',
    'compile a.yaml -o=out',
    'compile a.yaml -oout',
    'summary a.yaml b.yaml',
    'data --stats get',
    'setup',
    'lsp --clientProcessId=7',
  ])('%s', (line) => {
    expect(readPlainArguments(line.split(' '))).toBeUndefined()
  })
})
