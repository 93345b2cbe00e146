/** Whatever is done to the text of a spec: `check` answers soon, never throws, and points into the text. */
import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze, checkText } from '../../src/analyze.ts'
import { applyEdits, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'

const good = readFileSync(new URL('../../configs/mnist-cnn.yaml', import.meta.url), 'utf8')
/** In milliseconds: much longer than a slow machine takes, so only a search that does not end exceeds it. */
const longest = 20_000

/** What a hand, an editor or an enemy puts into a text. */
const snippets = [
  '\t', '\0', '\r\n', '\u{feff}', '\u2028', '🙂', '\ud800', ':', '-', ' - ', '{', '}', '[', ']', '"', "'", '#', '&a ', '*a', '<<: *a',
  '<<', '? ', '!!binary ', '!!js/function ', '|', '>', '%YAML 9', '---', '...', '@', '`', '~', 'null', 'true', '.nan', '-.inf',
  '1e999', '0x', '99999999999999999999', '-0', '1_000', '2001-12-14', '__proto__', 'constructor', 'toString', 'x-', 'flatten',
  'conv2d', 'name', 'inputs', 'layers:', 'dense: { units: 3 }', 'input: { shape: [null] }', '[[[[[[', '{a: {a: {a: ', '  ',
] // prettier-ignore

const place = fc.nat({ max: good.length })
const mutation = fc.oneof(
  fc.record({ at: place, length: fc.nat({ max: 30 }), text: fc.constantFrom(...snippets) }),
  fc.record({ at: place, length: fc.nat({ max: 3 }), text: fc.string({ maxLength: 4, unit: 'binary' }) }),
  fc.record({
    at: place,
    length: fc.constant(0),
    text: fc.nat({ max: good.length }).map((from) => good.slice(from, from + 60)),
  }),
  fc.record({ at: place, length: fc.nat({ max: 80 }), text: fc.constant('') }),
)
const mutated = fc
  .array(mutation, { minLength: 1, maxLength: 4 })
  .map((mutations) =>
    mutations.reduce((text, { at, length, text: added }) => text.slice(0, at) + added + text.slice(at + length), good),
  )

function expectSound(text: string, run: (text: string) => readonly Diagnostic[]): void {
  const start = performance.now()
  const diagnostics = run(text)
  expect(performance.now() - start).toBeLessThan(longest)
  for (const { span, related, fixes } of diagnostics) {
    const spans = [
      span,
      ...related.map((one) => one.span),
      ...fixes.flatMap((fix) => fix.edits.map((edit) => edit.span)),
    ]
    for (const { start: from, end } of spans) {
      expect([from, end].every(Number.isInteger) && from >= 0 && from <= end && end <= Math.max(text.length, 1)).toBe(
        true,
      )
    }
  }
}

describe('a mutated spec', () => {
  it('is analyzed without exceptions, and every span is inside its text', () => {
    fc.assert(
      fc.property(mutated, (text) => expectSound(text, (one) => analyze(one, 'spec.yaml').diagnostics)),
      { numRuns: 1000 },
    )
  })

  it('gets only fixes that solve their problem', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const { diagnostics } = checkText(text, 'spec.yaml')
        for (const { code, fixes } of diagnostics) {
          for (const { edits } of fixes) {
            const after = checkText(applyEdits(text, edits), 'spec.yaml').diagnostics
            const count = (all: readonly Diagnostic[]) => all.filter((one) => one.code === code).length
            expect(count(after)).toBeLessThan(count(diagnostics))
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('texts that break parsers', () => {
  const laughs = Array.from({ length: 30 }, (_, level) =>
    level === 0 ? 'x-0: &a0 [lol, lol]' : `x-${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
  ).join('\n')

  it.each([
    ['nothing', ''],
    ['a byte order mark', `\u{feff}${good}`],
    ['line ends of Windows', good.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', good.replaceAll('\n', '\r')],
    ['NUL', good.replace('mnist', 'mn\0ist')],
    ['lone surrogates', good.replace('mnist', '\udc00\ud800')],
    ['billion laughs', `${good}\n${laughs}\n`],
    ['billion laughs as layers', `name: a\n${laughs}\nlayers: *a29\n`],
    ['an alias of itself, through a merge', `name: a\nlayers: []\nx-a: &a { <<: *a }\n`],
    ['10,000 nested lists', `name: a\nlayers: ${'['.repeat(10_000)}`],
    ['1,000 nested lists, closed', `name: a\nlayers: ${'['.repeat(1000)}${']'.repeat(1000)}`],
    ['1,000 nested maps', `name: a\nlayers:\n  - ${'{a: '.repeat(1000)}1${'}'.repeat(1000)}`],
    ['500 nested block maps', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['a long word', `name: ${'a'.repeat(1_000_000)}\nlayers: [flatten]\n`],
    ['a long foreign key', `name: a\nlayers: [flatten]\n${'k'.repeat(100_000)}: 1\n`],
    [
      '2,000 unknown keys',
      `name: a\nlayers: [flatten]\n${Array.from({ length: 2000 }, (_, n) => `kk${n}: 1\n`).join('')}`,
    ],
    ['3,000 layers', `name: a\ndataset: mnist\nlayers:\n${'  - activation: { activation: relu }\n'.repeat(3000)}`],
    ['200 wrong layers', `name: a\ndataset: mnist\nlayers:\n${'  - Conv2D: { kernel_size: 3 }\n'.repeat(200)}`],
    [
      'huge sizes',
      'name: a\ninput: { shape: [1e308, 1e308, 1] }\nlayers:\n  - conv2d: { filters: 1e300, kernelSize: 1e15 }\n  - flatten\n',
    ],
    [
      '__proto__ as key',
      'name: a\n__proto__: { layers: 3 }\nlayers:\n  - __proto__: {}\n  - constructor\n  - toString: { a: 1 }\n',
    ],
    [
      '__proto__ as name',
      'name: __proto__\ndataset: mnist\nlayers:\n  - flatten: { name: constructor }\n  - dense: { name: a, units: 3, inputs: toString }\n',
    ],
    ['tags', 'name: !!js/function "function () {}"\nlayers: !!set { flatten }\n'],
    ['a date and a big number', 'name: 2001-12-14\nlayers: [flatten]\ntraining: { epochs: 99999999999999999999 }\n'],
  ])('%s', (_title, text) => expectSound(text, (one) => checkText(one, 'spec.yaml').diagnostics))

  it('does not touch the prototype of objects', () => {
    analyze('name: a\nlayers: [flatten]\n__proto__: { polluted: true }\n', 'spec.yaml')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
