/** Blocks that nothing calls are reported, and none that anything may call. */
import { expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const spec = (rest: string) => `name: net
input: { shape: [4] }
blocks:
  unit: { layers: [{ dense: { units: 4, activation: relu } }] }
  outer: { params: { kind: }, layers: [{ unit: { if: false } }] }
${rest}
`

it.each([
  ['no call', 'layers: [{ dense: { units: 2 } }]', ['unit', 'outer']],
  ['a call', 'layers: [unit]', ['outer']],
  ['a call inside a block', 'layers: [{ outer: { kind: 1 } }]', []],
  ['a call in a repeat', 'layers: [{ repeat: { times: 2, layers: [unit] } }]', ['outer']],
  ['a call that a condition excludes', 'layers: [{ unit: { if: false } }, { dense: { units: 2 } }]', ['outer']],
  ['a variable that chooses the block', 'vars: { kind: unit }\nlayers: [$kind]', ['outer']],
  ['an expression that chooses it', `layers: [$("unit" if true else "outer")]`, []],
  ['a note', 'x-note: unit\nlayers: [{ dense: { units: 2 } }]', ['unit', 'outer']],
  ['a misspelt call', 'layers: [unti]', []],
])('%s', (_title, rest, unused) => {
  const { diagnostics } = checkText(spec(rest), 'net.yaml')
  const found = diagnostics.filter(({ code }) => code === 'compose/unused-block')
  expect(found.map(({ path }) => path.at(-1))).toEqual(unused)
})

it('is silenced by `ignore`', () => {
  const { diagnostics } = checkText(spec('layers: [unit]\nignore: [compose/unused-block]'), 'net.yaml')
  expect(diagnostics).toEqual([])
})
