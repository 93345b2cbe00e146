/** The table of commands: its help, and that each action can be loaded. */
import { describe, expect, it } from 'vitest'
import { flagOf } from '../../src/cli/commands/declareCommand.ts'
import { commands } from '../../src/cli/commands/table.ts'
import { runCli } from './runCli.ts'

describe.each(commands.map(({ declaration }) => [declaration.name, declaration] as const))(
  '%s',
  (name, declaration) => {
    it('has examples that use existing flags', () => {
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
