/** The table of commands: its help, its reference, and that each action can be loaded. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeCommands } from '../../scripts/describeCommands.ts'
import { flagOf } from '../../src/cli/commands/declareCommand.ts'
import { commands } from '../../src/cli/commands/table.ts'
import { runCli } from './runCli.ts'

it('docs/reference/commands.md says what the table says (`npm run docs` writes it)', () => {
  expect(readFileSync('docs/reference/commands.md', 'utf8')).toBe(describeCommands())
})

describe.each(commands.map(({ declaration }) => [declaration.name, declaration] as const))(
  '%s',
  (name, declaration) => {
    it('has examples of itself, with flags that it knows', () => {
      const known = new Set(Object.keys(declaration.options).map(flagOf))
      expect(declaration.examples.length).toBeGreaterThan(0)
      for (const [line] of declaration.examples) {
        expect(line.startsWith(name)).toBe(true)
        const flags = [...line.matchAll(/--[a-z-]+/g)].map(([flag]) => flag)
        expect(flags.filter((flag) => !known.has(flag))).toEqual([])
      }
    })

    it('prints its options and examples', async () => {
      const { stdout, code } = await runCli([...name.split(' '), '--help'])
      expect(code).toBe(0)
      for (const key of Object.keys(declaration.options)) expect(stdout).toContain(flagOf(key))
      expect(stdout).toContain(`shapewright ${declaration.examples[0]![0]}`)
    })
  },
)
