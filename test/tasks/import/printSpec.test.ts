/** The specs of imported networks: they have the same layers, and read as if a person had written them. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { drawComposed } from '../../../scripts/fuzz/composed/draw.ts'
import { flattenComposed } from '../../../scripts/fuzz/composed/flatten.ts'
import { drawSpec } from '../../../scripts/fuzz/randomSpec.ts'
import { orderLayers } from '../../../src/tasks/import/printing/layerOrder.ts'
import { printFlat, printStructured } from '../../../src/tasks/import/printing/printForms.ts'
import { isSameNetwork } from '../../../src/tasks/import/printing/sameNetwork.ts'
import { printSpec } from '../../../src/tasks/import/printSpec.ts'
import { analyzeValid, describeNetwork, networkOf } from './networkOf.ts'

const zoo = readdirSync('configs/zoo').filter((file) => file.endsWith('.yaml'))

describe('the network of a printed spec', () => {
  it.each(zoo)('is that of %s', async (file) => {
    const written = readFileSync(`configs/zoo/${file}`, 'utf8')
    const text = expectSameNetwork(written.replace(/^dataset: cifar10$/m, 'input: { shape: [32, 32, 3] }'))!
    expect(await format(text, { parser: 'yaml', printWidth: 120, singleQuote: true })).toBe(text)
    await expect(text).toMatchFileSnapshot(`printed/${basename(file)}`)
    expect(linesOf(text)).toBeLessThanOrEqual(linesOf(written) + 15)
  })

  it('is that of random specs', () => {
    const texts = Array.from({ length: 60 }, (_item, seed) => [
      drawSpec(seed).text,
      flattenComposed(drawComposed(seed)),
    ]).flat()
    const printed = texts.map(expectSameNetwork).filter((text) => text !== undefined)
    expect([printed.length > 72, printed.filter((text) => text.includes('blocks:')).length > 6]).toEqual([true, true])
  })
})

/** Returns the printed spec; undefined if the text has mistakes. */
function expectSameNetwork(text: string): string | undefined {
  const analysis = analyzeValid(text)
  if (analysis === undefined) return undefined
  const network = networkOf(analysis)
  const ordered = orderLayers(network)
  const [flat, structured] = [printFlat(network, ordered).analysis, printStructured(network, ordered).analysis]
  expect(isSameNetwork(flat, structured), structured.source.text).toBe(true)
  const printed = printSpec(network)
  expect(printed.text).toBe(structured.source.text)
  expect(describeNetwork(structured), printed.text).toEqual(describeNetwork(analysis, printed.names))
  return printed.text
}

/** The number of lines besides those that have only a comment. */
function linesOf(text: string): number {
  return text.split('\n').filter((line) => !/^\s*(#|$)/.test(line)).length
}
