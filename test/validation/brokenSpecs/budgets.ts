/** Networks that cost more than their author allows, and budgets that cannot be read or judged. */
import type { BrokenSpec } from './brokenSpec.ts'

const budget = (title: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  also: `budget: ${text}`,
  ...(fixed !== undefined && { fixed }),
})

const sequence = {
  dataset: '',
  input: '{ shape: [null, 16] }',
  layers: '[{ gru: { units: 8 } }, { dense: { units: 1 } }]',
  loss: 'meanSquaredError',
  metrics: '',
}

export const budgetRows: readonly BrokenSpec[] = [
  // 8 · (3 · 3 + 1) + 10 · (13 · 13 · 8 + 1) = 13,610 parameters
  budget('one parameter too many', '{ params: 13609 } # ✗ meaning/over-budget'),
  budget('too many operations', '{ flops: 100000 } # ✗ meaning/over-budget'),
  budget('too much memory', '{ memory: 1MB } # ✗ meaning/over-budget'),
  budget('too much memory, in binary units', '{ memory: 0.5 MiB } # ✗ meaning/over-budget'),
  budget('too much memory, in bytes', '{ memory: 1000000 } # ✗ meaning/over-budget'),
  budget(
    'one entry of several',
    `
  params: 100000
  memory: 1MB # ✗ meaning/over-budget
  flops: 10000000`,
  ),
  {
    ...sequence,
    title: 'memory for a sequence of any length',
    also: 'budget: { params: 1000, memory: 8MB } # ✗ meaning/unjudged-budget',
  },
  {
    ...sequence,
    title: 'operations for a sequence of any length',
    also: 'budget: { flops: 1000000 } # ✗ meaning/unjudged-budget',
  },
  {
    ...sequence,
    title: 'what is known of a sequence is over the budget already',
    also: 'budget: { memory: 1kB } # ✗ meaning/over-budget',
  },
  // how a budget is written
  budget('a unit in lower case', '{ memory: 64mb } # ✗ schema/unknown-value', 'memory: 64MB'),
  budget('a unit without its B', '{ memory: 64M } # ✗ schema/unknown-value', 'memory: 64MB'),
  budget('a binary unit without its B', '{ memory: 64Mi } # ✗ schema/unknown-value', 'memory: 64MiB'),
  budget('a size in words', '{ memory: plenty } # ✗ schema/unknown-value'),
  budget('a negative size', '{ memory: -1 } # ✗ schema/out-of-range'),
  budget('no parameters at all', '{ params: 0 } # ✗ schema/out-of-range'),
  budget('digits set apart', '{ params: 100_000 } # ✗ schema/wrong-type', 'params: 100000'),
  budget('parameters under another word', '{ parameters: 100000 } # ✗ schema/unknown-key', 'params: 100000'),
  budget('memory under another word', '{ ram: 64MB } # ✗ schema/unknown-key', 'memory: 64MB'),
  budget('no map', '100000 # ✗ schema/wrong-type'),
]
