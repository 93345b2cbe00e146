/** How a spec states what several outputs are trained and measured by, and what a program makes of it. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { objectivesOf } from '../../src/graph/objectives.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { mapsOutputs } from '../../src/validation/perOutput.ts'

function objectivesIn(rest: string) {
  const { spec, shaped, diagnostics } = checkText(
    `
name: example
dataset: mnist
layers:
  - flatten
  - dense: { name: digit, units: 10, activation: softmax }
  - dense: { name: meanSquaredError, units: 10, activation: softmax, inputs: flatten }
${rest}`,
    'spec.yaml',
  )
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  const read = objectivesOf(spec, shaped.outputs)
  return read.map(({ output, loss, weight, metrics }) => [output, loss.type, weight, metrics.map(({ type }) => type)])
}

describe('the objectives of outputs', () => {
  it.each([
    ['outputs: [digit, meanSquaredError]\nloss: categoricalCrossentropy', ['digit', 'categoricalCrossentropy', 1, []]],
    [
      'outputs: [digit, meanSquaredError]\nloss: { categoricalCrossentropy: {} }',
      ['digit', 'categoricalCrossentropy', 1, []],
    ],
    [
      'outputs: [digit, meanSquaredError]\nloss: categoricalCrossentropy\nmetrics: [accuracy]\nlossWeights: { digit: 2 }',
      ['digit', 'categoricalCrossentropy', 2, ['accuracy']],
    ],
    [
      'outputs: [digit, meanSquaredError]\nloss: { meanSquaredError: categoricalCrossentropy, digit: { sparseCategoricalCrossentropy: } }\nmetrics: { digit: [recall] }',
      ['digit', 'sparseCategoricalCrossentropy', 1, ['recall']],
    ],
    [
      'outputs: [digit, meanSquaredError]\nloss: { x-note: any, meanSquaredError: categoricalCrossentropy, digit: categoricalCrossentropy }\nlossWeights: { x-note: any }\nmetrics: { x-note: any }',
      ['digit', 'categoricalCrossentropy', 1, []],
    ],
  ])('%s', (rest, first) => expect(objectivesIn(rest)[0]).toEqual(first))

  it('omits what the spec omits', () => expect(objectivesIn('outputs: [digit, meanSquaredError]')).toEqual([]))
})

describe('a map under `loss`', () => {
  const known = ['huberLoss', 'meanSquaredError']
  it.each([
    [{ huberLoss: { delta: 2 } }, false],
    [{ huberLoss: {} }, false],
    [{ huberLoss: null }, false],
    [{ huberlos: { delta: 2 } }, false],
    [{}, false],
    [{ 'x-note': 'huberLoss', huberLoss: null }, false],
    [{ digit: 'huberLoss' }, true],
    [{ huberLoss: 'huberLoss' }, true],
    [{ digit: { huberLoss: null } }, true],
    [{ digit: { huberlos: { delta: 2 } } }, true],
    [{ digit: null, parity: 'huberLoss' }, true],
  ])('%j goes from outputs: %s', (value, expected) => expect(mapsOutputs(value, known)).toBe(expected))

  // Otherwise `{ someLoss: { option: … } }` could be an output and its loss.
  it('cannot be both: no loss has an option that is called as a loss is', () => {
    const options = Object.values(lossTable).flatMap(({ schema }) => Object.keys(schema.properties))
    expect(options.filter((option) => Object.hasOwn(lossTable, option))).toEqual([])
  })
})
