/** The specs of imported networks: they have the same layers, and read as if a person had written them. */
import { readdirSync, readFileSync } from 'node:fs'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { drawSpec } from '../../../scripts/fuzz/randomSpec.ts'
import { printSpec } from '../../../src/tasks/import/printSpec.ts'
import { analyzeValid, describeNetwork, networkOf } from './networkOf.ts'

const zoo = readdirSync('configs/zoo').filter((file) => file.endsWith('.yaml'))

describe('the network of a printed spec', () => {
  it.each(zoo)('is that of %s', async (file) => {
    const text = readFileSync(`configs/zoo/${file}`, 'utf8').replace(
      /^dataset: cifar10$/m,
      'input: { shape: [32, 32, 3] }',
    )
    const printed = expectSameNetwork(text)
    expect(await format(printed!, { parser: 'yaml', printWidth: 120, singleQuote: true })).toBe(printed)
  })

  it('is that of random specs', () => {
    const printed = Array.from({ length: 150 }, (_item, seed) => expectSameNetwork(drawSpec(seed).text))
    expect(printed.filter((text) => text !== undefined).length).toBeGreaterThan(75)
  })
})

/** Returns the printed spec; undefined if the text has mistakes. */
function expectSameNetwork(text: string): string | undefined {
  const analysis = analyzeValid(text)
  if (analysis === undefined) return undefined
  const printed = printSpec(networkOf(analysis))
  const again = analyzeValid(printed.text)
  expect(again, printed.text).toBeDefined()
  expect(describeNetwork(again!), printed.text).toEqual(describeNetwork(analysis, printed.names))
  return printed.text
}
