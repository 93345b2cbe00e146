/** Specs that expand to too many layers are refused before they are expanded, soon and within little memory. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

const spec = (body: string) => `name: net\ninput: { shape: [8] }\n${trimBlock(body)}`

/** Forty blocks, each of which calls the one before it. */
const tower = (first: string, callsOf: (before: string) => string, more = '') => {
  const blocks = Array.from({ length: 40 }, (_none, index) => {
    return `  b${index}: { params: { p: 2 }, layers: [${index === 0 ? first : callsOf(`b${index - 1}`)}] }\n`
  })
  return `${more}blocks:\n${blocks.join('')}layers: [b39]`
}

/** Repeats inside each other, the outermost first. */
const nested = (times: readonly (number | string)[], layer: string) =>
  `${times.map((count) => `{ repeat: { times: ${count}, as: i${times.indexOf(count)}, layers: [`).join('')}${layer}${'] } }'.repeat(times.length)}`

const rows: readonly (readonly [title: string, body: string])[] = [
  ['a repeat of 10^9', `layers: [${nested([1e9], 'leakyReLU')}]`],
  ['a repeat of nothing, 10^9 times', `layers: [${nested([1e9], '{ reLU: { if: false } }')}]`],
  ['repeats in repeats', `layers: [${nested([100_000, 100_001, 100_002], '{ reLU: { if: false } }')}]`],
  [
    'repeats whose numbers are variables',
    `vars: { n: 100, m: $(n * n) }\nlayers: [${nested(['$n', '$m', 7], 'reLU')}]`,
  ],
  ['repeats whose numbers are counters', `layers: [${nested([90, '$(i0 * 2)', '$(i0 + i1)'], 'reLU')}]`],
  ['blocks that double', tower('leakyReLU, leakyReLU', (before) => `${before}, ${before}`)],
  [
    'calls with arguments that double',
    tower('{ repeat: { times: $p, layers: [reLU] } }', (before) => `{ ${before}: { p: $p } }, { ${before}: { p: 1 } }`),
  ],
  ['calls with conditions that double', tower('reLU', (before) => `{ ${before}: { if: $(p > 1) } }, ${before}`)],
  [
    'calls that are applied again',
    tower('reLU, { reLU: { name: a } }', (before) => `{ ${before}: { name: a } }, { apply: { layer: a } }`),
  ],
  [
    'items that are references and double',
    tower('$layer', (before) => `$layer, ${before}, ${before}`, 'vars: { layer: reLU }\n'),
  ],
]

/** Seconds of CPU time, which other programs do not affect. A spec of 200,000 layers takes ten times as much. */
const longest = 2

describe('specs that are too large', () => {
  it.each(rows)('%s', (_title, body) => {
    const start = process.cpuUsage()
    const { diagnostics } = checkText(spec(body), 'net.yaml')
    const { user, system } = process.cpuUsage(start)
    expect(diagnostics.map(({ code }) => code)).toEqual(['compose/too-large'])
    expect((user + system) / 1e6).toBeLessThan(longest)
  })

  it('blocks nested deep', () => {
    const blocks = Array.from(
      { length: 100 },
      (_none, index) => `  b${index}: { layers: [${index === 0 ? 'leakyReLU' : `b${index - 1}`}] }\n`,
    )
    const { diagnostics } = checkText(spec(`blocks:\n${blocks.join('')}layers: [b99]`), 'net.yaml')
    expect(diagnostics.map(({ code }) => code)).toContain('compose/too-large')
  })

  it('repeats that are too large together, which are refused before their layers are expanded', () => {
    const repeat = (layer: string) => `{ repeat: { times: 150000, layers: [${layer}] } }`
    const { diagnostics } = checkText(
      spec(`layers: [${repeat('{ dense: { units: $missing } }')}, ${repeat('reLU')}]`),
      'net.yaml',
    )
    expect(diagnostics.map(({ code, path }) => ({ code, path }))).toEqual([
      { code: 'compose/too-large', path: ['layers', 1] },
    ])
  })

  it('blocks that call each other in many ways', () => {
    const calls = (index: number) => [2, 1, 1].map((step) => `b${(index + step) % 100}`).join(', ')
    const blocks = Array.from({ length: 100 }, (_none, index) => `  b${index}: { layers: [${calls(index)}] }\n`)
    const { diagnostics } = checkText(spec(`blocks:\n${blocks.join('')}layers: [b0]`), 'net.yaml')
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['compose/cycle', 'compose/too-large']))
  }, 60_000)
})
