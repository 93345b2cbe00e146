/** A rule is added by a file, a page and a line of the table: nothing else knows it. */
import { expect, it } from 'vitest'
import { composePages, readPage, readPages } from '../../scripts/diagnosticPages.ts'
import { analyze } from '../../src/analyze.ts'
import type { DiagnosticCode } from '../../src/diagnostics/codes.ts'
import { checkMeaning } from '../../src/rules/checkMeaning.ts'
import { defineRule } from '../../src/rules/defineRule.ts'
import { ruleTable } from '../../src/rules/table.ts'
import { newRule } from '../parts/newPartFiles.ts'

// A code becomes one of the closed set when its page is there.
const code = 'meaning/odd-units' as DiagnosticCode

const oddUnits = defineRule({
  codes: [code],
  check: ({ shaped }) =>
    shaped.nodes.flatMap(({ layer }) => {
      const { units } = layer.options
      if (typeof units !== 'number' || units % 2 === 0) return []
      return { path: [...layer.path, 'units'], message: `${units} units are odd`, severity: 'hint' }
    }),
})

const page = newRule.files['.md']

it('checks every network', () => {
  const text = 'name: example\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 3 }\n'
  const { spec, shaped, source } = analyze(text, 'spec.yaml')
  const found = checkMeaning(spec, shaped, source, [...ruleTable, oddUnits])
  expect(found).toMatchObject([{ code, severity: 'hint', message: '3 units are odd' }])
  expect(text.slice(found[0]!.span.start, found[0]!.span.end)).toBe('3')
})

it('has its code and its page composed with all others', () => {
  const composed = composePages([...readPages(), readPage(page, 'oddUnits.md')])
  const added = (path: string) => composed[path]!.length - composePages(readPages())[path]!.length
  expect(composed['src/diagnostics/generated/codes.ts']).toContain('"meaning/odd-units": {"severities":["hint"]}')
  expect(composed['src/diagnostics/generated/summaries.ts']).toContain('A layer has an odd number of units.')
  expect(composed['src/diagnostics/generated/pages.js']).toContain('"why": "Pairs are left with one over."')
  expect(added('src/diagnostics/generated/pages.js')).toBeLessThan(200)
})

it.each([
  ['no front matter', page.replace(/^---[^]*?---\n\n/, '')],
  ['no summary', page.replace('A layer has an odd number of units.\n\n', '')],
  ['no right spec', page.replace(/## Right[^]*/, '')],
])('a page with %s is refused', (_what, text) => {
  expect(() => readPage(text, 'oddUnits.md')).toThrow(/oddUnits.md is not a page/)
})
