/** Texts that no one writes and that break parsers: each is answered, soon, with a diagnostic in it. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const deep = 100_000
const large = 10_000_000

const laughs = Array.from({ length: 30 }, (_item, level) => {
  const items = Array.from({ length: 9 }, () => (level === 0 ? 'flatten' : `*n${level - 1}`))
  return `x-n${level}: &n${level} [${items.join(', ')}]\n`
})

const manyKeys = Array.from({ length: 10_000 }, (_item, index) => `x-${index}: 1\n`)
const manyTuples = '  - conv2d: { filters: 8, kernelSize: (3, 3) }\n'.repeat(500)

const rows: readonly { title: string; text: () => string; code: string }[] = [
  { title: 'lists in lists', text: () => '['.repeat(deep) + ']'.repeat(deep), code: 'source/too-large' },
  { title: 'lists in lists, open', text: () => '['.repeat(deep), code: 'source/too-large' },
  { title: 'maps in maps', text: () => '{ a: '.repeat(deep) + '}'.repeat(deep), code: 'source/too-large' },
  { title: 'dashes behind dashes', text: () => '- '.repeat(deep), code: 'source/too-large' },
  { title: 'keys of keys', text: () => '? '.repeat(deep), code: 'source/too-large' },
  { title: 'colons', text: () => ': '.repeat(deep), code: 'source/too-large' },
  { title: 'brackets that close nothing', text: () => ']'.repeat(deep), code: 'source/syntax' },
  { title: 'aliases of aliases', text: () => `name: a\n${laughs.join('')}layers: *n29\n`, code: 'source/too-large' },
  { title: '1 MB of anchors', text: () => '&a '.repeat(1e6 / 3), code: 'source/syntax' },
  { title: '1 MB of tags', text: () => '!a '.repeat(1e6 / 3), code: 'source/syntax' },
  { title: '1 MB of aliases', text: () => '*a '.repeat(1e6 / 3), code: 'source/syntax' },
  { title: '1 MB of quotes', text: () => '"'.repeat(1e6), code: 'source/syntax' },
  { title: '10 MB of layers', text: () => `layers:\n${'  - flatten\n'.repeat(large / 12)}`, code: 'source/too-large' },
  { title: '10 MB of brackets', text: () => '['.repeat(large), code: 'source/too-large' },
  { title: '10 MB of NUL', text: () => '\0'.repeat(large), code: 'source/too-large' },
  { title: '10 MB of lone surrogates', text: () => '\uD800'.repeat(large), code: 'source/too-large' },
  {
    title: 'a number of a million digits',
    text: () => `name: ${'9'.repeat(1e6)}\nlayers: [a]`,
    code: 'schema/wrong-type',
  },
  { title: 'ten thousand keys', text: () => `${manyKeys.join('')}x-1: 2\n`, code: 'source/duplicate-key' },
  { title: 'five hundred tuples', text: () => `name: a\nlayers:\n${manyTuples}`, code: 'source/tuple' },
  { title: 'a lone surrogate', text: () => 'name: "\uD800"\nlayers: [flatten]', code: 'schema/bad-name' },
]

describe('hostile texts', () => {
  for (const { title, text, code } of rows) {
    it(title, () => {
      const written = text()
      const start = process.cpuUsage()
      const { diagnostics } = checkText(written, 'hostile.yaml')
      const { user, system } = process.cpuUsage(start)
      expect(diagnostics.map((one) => one.code)).toContain(code)
      for (const { span } of diagnostics) {
        expect(span.start).toBeLessThanOrEqual(span.end)
        expect(span.end).toBeLessThanOrEqual(written.length)
      }
      expect((user + system) / 1e6).toBeLessThan(2)
    })
  }

  it('reports as many mistakes as a text has', () => {
    const { diagnostics } = checkText('- *a\n'.repeat(2e5), 'hostile.yaml')
    expect(diagnostics.filter(({ code }) => code === 'source/unknown-alias')).toHaveLength(2e5)
  })

  it('reads a byte order mark and CRLF', () => {
    const { diagnostics } = checkText(
      '\uFEFFname: a\r\ninput: { shape: [4] }\r\nlayers: [dropout: { rate: 0.5 }]\r\n',
      'bom.yaml',
    )
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})
