/** Exported networks in Keras itself, where a Python has it: they must answer as ours do. */
import { beforeAll, describe, expect, it } from 'vitest'
import { isKnownError } from '../../../src/system/knownError.ts'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { exportNetworks } from './exportNetworks.ts'
import { compareWith, keras, type Comparison, type Network } from './pythonHarness.ts'
import { layerRows } from './layerRows.ts'
import { ofLayers, ofMasks } from './rowNetworks.ts'
import { randomNetworks } from './randomNetworks.ts'

/** How many networks are drawn at random, and from which seed. */
const [drawn, seed] = [Number(process.env['KERAS_SPECS'] ?? 60), Number(process.env['KERAS_SEED'] ?? 1)]

const written = Object.entries(exportNetworks).map(([name, text]) => ({ name, text }))
const networks: readonly Network[] = [...written, ...ofLayers, ...ofMasks]

it('compares every layer type of the language', () => {
  expect(Object.keys(layerRows).toSorted()).toEqual(Object.keys(layerTable).toSorted())
  const compared = new Set(ofLayers.map(({ name }) => name.split('-')[0]))
  expect(Object.keys(layerTable).filter((type) => !compared.has(type))).toEqual(['randomWidth'])
})

describe.skipIf(!keras.isThere)('exported to Keras', { timeout: 600_000 }, () => {
  let compared: ReadonlyMap<string, Comparison>

  beforeAll(async () => {
    compared = await compareWith(keras, networks)
  }, 600_000)

  it.each(networks)('$name: predicts the same within 1e-5', ({ name, text }) => {
    const comparison = compared.get(name)!
    expectAlike(text, comparison)
    expect(comparison.ours.values.flat().some((value) => value !== 0)).toBe(true)
  })

  it(`${drawn} networks at random: answer as here, or are refused`, async () => {
    const random = randomNetworks(drawn, seed)
    const refused: unknown[] = []
    const results = await compareWith(keras, random, (_name, error) => refused.push(error))
    expect(refused.filter((error) => !isKnownError(error, 'export'))).toEqual([])
    expect(results.size).toBeGreaterThan(drawn / 2)
    for (const { name, text } of random) {
      const result = results.get(name)
      if (result !== undefined) expectAlike(text, result)
    }
  })
})

function expectAlike(text: string, { ours, theirs, difference }: Comparison): void {
  if ('error' in theirs) throw new Error(`${theirs.error}\n${text}`)
  expect(theirs.shapes, text).toEqual(ours.shapes)
  expect(difference, text).toBeLessThan(1e-5)
}
