/** What a network costs, by hand, and how going over the budget is told. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { costOf } from '../../src/graph/cost.ts'
import { reportSummaryJson, reportSummaryTable } from '../../src/report/summary.ts'
import { bytesOf, correctedByteSize } from '../../src/language/byteSize.ts'

const text = (budget: string, optimizer = 'adam') => `name: example
input: { shape: [10] }
layers:
  - dense: { units: 20, activation: relu }
  - dense: { units: 5, trainable: false }
optimizer: ${optimizer}
loss: meanSquaredError
training: { batchSize: 8 }
budget: ${budget}
`

// 10 · 20 + 20 = 220 trained, 20 · 5 + 5 = 105 not; 10 + 20 + 5 values a sample
const [params, trained, values] = [325, 220, 35]

it.each([
  ['sgd', 0],
  ['{ momentum: { momentum: 0.9 } }', 1],
  ['adam', 2],
])('a step with %s holds %i slots', (optimizer, slots) => {
  const { spec, shaped } = checkText(text('{}', optimizer), 'a.yaml')
  expect(costOf(spec, shaped).stepBytes).toBe(4 * (params + trained * (1 + slots) + 2 * values * 8))
})

describe('over the budget', () => {
  const told = (budget: string) => checkText(text(budget), 'a.yaml').diagnostics

  it('is nothing at the budget itself', () => {
    expect(told(`{ params: ${params}, memory: ${4 * (params + trained * 3 + 2 * values * 8)} }`)).toEqual([])
  })

  it('tells the figures and the largest layers with their shares', () => {
    const [one] = told('{ params: 300 }')
    expect(one!.message).toBe('the network has 325 parameters: 25 over the budget of 300')
    expect(one!.related.map(({ message }) => message)).toEqual(['`dense`: 220, 68 %', '`dense_1`: 105, 32 %'])
    expect(one!.path).toEqual(['budget', 'params'])
  })

  it('tells which batch would fit', () => {
    // Weights, gradients and slots take 4 · 985 = 3940 bytes, a sample takes 280.
    expect(told('{ memory: 5200 }')[0]!.help).toContain('`batchSize: 4`')
    expect(told('{ memory: 4000 }')[0]!.help).toContain('even a batch of 1 exceeds it')
  })
})

it('stands beside the figures of a summary', () => {
  const analysis = checkText(text('{ params: 650, memory: 1MiB }'), 'a.yaml')
  expect(reportSummaryTable(analysis)).toContain('325 (1.3 KiB) (50 % of the budget of 650)')
  expect(reportSummaryJson(analysis)).toMatchObject({ budget: { params: 650, memory: 1_048_576 } })
})

it.each([
  ['64MB', 64_000_000],
  ['64 MiB', 67_108_864],
  ['1.5kB', 1500],
  ['512B', 512],
  [4096, 4096],
])('%s is %i bytes', (size, bytes) => expect(bytesOf(size)).toBe(bytes))

it.each([
  ['64mb', '64MB'],
  ['64M', '64MB'],
  ['64 Gi', '64GiB'],
  ['1_000kb', '1000kB'],
  ['64000000', '64000000B'],
  ['64 parsecs', undefined],
  ['MB', undefined],
])('%s is meant as %s', (size, meant) => expect(correctedByteSize(size)).toBe(meant))
