/** What the fuzz draws is the whole language: every layer, every option, every part that an option may name. */
import { expect, it } from 'vitest'
import { seedOfCase } from '../../scripts/fuzz/randomSource.ts'
import { drawSpec } from '../../scripts/fuzz/randomSpec.ts'
import { constraints } from '../../src/language/constraints.ts'
import { initializers } from '../../src/language/initializers.ts'
import { cellTable } from '../../src/parts/layers/recurrent.ts'
import { regularizers } from '../../src/language/regularizers.ts'
import { layerTable } from '../../src/parts/layers/table.ts'

/** Every key and every word of a tree, and for each layer or cell in it, its type with each of its options. */
function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') found.add(value)
  if (value === null || typeof value !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    found.add(key)
    const isPart = item !== null && typeof item === 'object' && !Array.isArray(item)
    for (const option of isPart ? Object.keys(item as object) : []) found.add(`${key}.${option}`)
    collect(item, found)
  }
}

it('five thousand drawn specs hold every layer with every option', { timeout: 120_000 }, () => {
  const found = new Set<string>()
  const counts = { shared: 0, several: 0, outputs: 0, frozen: 0, expecting: 0, chained: 0 }
  for (let index = 0; index < 5000; index += 1) {
    const { items, text } = drawSpec(seedOfCase(1, index))
    collect(items, found)
    if (items.filter((item) => 'input' in item).length > 1) counts.several += 1
    if (text.includes('\noutputs:')) counts.outputs += 1
    if (items.some((item) => 'apply' in item)) counts.shared += 1
    if (text.includes('trainable: false')) counts.frozen += 1
    if (text.includes('expect:')) counts.expecting += 1
    if (items.some((item) => !('input' in item) && !('inputs' in Object.values(item)[0]!))) counts.chained += 1
  }
  const parts = { ...layerTable, ...cellTable }
  const options = Object.entries(parts).flatMap(([type, { schema }]) =>
    Object.keys(schema.properties).map((option) => `${type}.${option}`),
  )
  const named = [initializers, regularizers, constraints].flatMap((table) => Object.keys(table))
  expect([...Object.keys(parts), ...options, ...named].filter((one) => !found.has(one))).toEqual([])
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(300)
})
