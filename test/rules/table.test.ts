/** A rule is a file, the pages of its codes beside it, and a line of the table. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { allCodes } from '../../src/diagnostics/codes.ts'
import * as rules from '../../src/rules/table.ts'
import type { Rule } from '../../src/rules/defineRule.ts'

const sources = readdirSync('src/rules')
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(`src/rules/${name}`, 'utf8') }))
  .filter(({ text }) => text.includes('= defineRule({'))

describe.each(sources)('$name', ({ name, text }) => {
  it('is in the table, and states each code that it gives', async () => {
    const id = name.replace('.ts', '')
    const exported = ((await import(`../../src/rules/${name}`)) as Readonly<Record<string, Rule>>)[id]!
    expect(rules.ruleTable).toContain(exported)
    const given = [...text.matchAll(/'([a-z]+\/[a-z-]+)'/g)].map(([, code]) => code!)
    const known = given.filter((code) => (allCodes as readonly string[]).includes(code))
    expect(new Set(exported.codes)).toEqual(new Set(known))
  })

  it('has the pages of its codes beside it', () => {
    const codes = [...text.matchAll(/'((?:meaning|engine)\/[a-z-]+)'/g)].map(([, code]) => code!)
    const pages = codes.map((code) =>
      code.replace(/^.*\//, '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    )
    expect(pages.filter((page) => !existsSync(`src/rules/${page}.md`))).toEqual([])
  })
})
