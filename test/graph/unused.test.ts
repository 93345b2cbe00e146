/** What is told of parts that reach no output: the way that leads nowhere, and where it begins. */
import { expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const nowhere = (layers: string) =>
  checkText(`name: t\nlayers:\n${layers}`, 't.yaml').diagnostics.map(({ message, related }) => [
    message,
    ...related.map((place) => place.message),
  ])

it('tells a branch from the layer that it leaves on', () => {
  const layers =
    '  - input: { shape: [4] }\n  - dense: { name: a, units: 4 }\n  - dense: { name: b, units: 2 }\n' +
    '  - reLU: { name: c }\n  - dense: { units: 2, inputs: a }\n'
  expect(nowhere(layers)).toEqual([
    ['nothing uses the output of `c`: b → c leads nowhere', 'it leaves the rest behind `a`'],
  ])
})

it('tells a branch from the input that only it takes', () => {
  const layers =
    '  - input: { name: left, shape: [4] }\n  - input: { name: right, shape: [4] }\n' +
    '  - dense: { name: b, units: 2 }\n  - dense: { units: 2, inputs: left }\n'
  expect(nowhere(layers)).toEqual([
    ['nothing uses the output of `b`: right → b leads nowhere', 'it begins at this input'],
  ])
})

it('tells of a long branch its ends', () => {
  const layers =
    '  - input: { shape: [4] }\n  - dense: { name: a, units: 4 }\n' +
    Array.from({ length: 12 }, (_item, index) => `  - dense: { name: r${index}, units: 2 }\n`).join('') +
    '  - dense: { units: 2, inputs: a }\n'
  expect(nowhere(layers)[0]![0]).toContain(': r0 → r1 → r2 → r3 → r4 → r5 → … → r11 leads nowhere')
})
