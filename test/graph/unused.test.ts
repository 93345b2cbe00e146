/** The messages on parts that reach no output: the unused branch, and where it starts. */
import { expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const nowhere = (layers: string) =>
  checkText(`name: t\nlayers:\n${layers}`, 't.yaml').diagnostics.map(({ message, related }) => [
    message,
    ...related.map((place) => place.message),
  ])

it('reports a branch from the layer where it begins', () => {
  const layers =
    '  - input: { shape: [4] }\n  - dense: { name: a, units: 4 }\n  - dense: { name: b, units: 2 }\n' +
    '  - reLU: { name: c }\n  - dense: { units: 2, inputs: a }\n'
  expect(nowhere(layers)).toEqual([
    ['the output of `c` (b → c) is not used', 'the unused branch starts here, after `a`'],
  ])
})

it('reports a branch from an input that only it uses', () => {
  const layers =
    '  - input: { name: left, shape: [4] }\n  - input: { name: right, shape: [4] }\n' +
    '  - dense: { name: b, units: 2 }\n  - dense: { units: 2, inputs: left }\n'
  expect(nowhere(layers)).toEqual([
    ['the output of `b` (right → b) is not used', 'the unused branch starts at this input'],
  ])
})

it('reports the ends of a long branch', () => {
  const layers =
    '  - input: { shape: [4] }\n  - dense: { name: a, units: 4 }\n' +
    Array.from({ length: 12 }, (_item, index) => `  - dense: { name: r${index}, units: 2 }\n`).join('') +
    '  - dense: { units: 2, inputs: a }\n'
  expect(nowhere(layers)[0]![0]).toContain(' (r0 → r1 → r2 → r3 → r4 → r5 → … → r11)')
})
