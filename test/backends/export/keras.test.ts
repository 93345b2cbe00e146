/** Exported networks in Keras itself, where a Python has it: they must answer as ours do. */
import { beforeAll, describe, expect, it } from 'vitest'
import { isKnownError } from '../../../src/system/knownError.ts'
import { checkText } from '../../../src/analyze.ts'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { yamlText } from '../../../src/source/edits.ts'
import { exportNetworks } from './exportNetworks.ts'
import { compareWithKeras, hasKeras, type Comparison, type Network } from './kerasHarness.ts'
import { layerRows, maskedNetworks, type LayerRows } from './layerRows.ts'
import { randomNetworks } from './randomNetworks.ts'

/** How many networks are drawn at random, and from which seed. */
const [drawn, seed] = [Number(process.env['KERAS_SPECS'] ?? 60), Number(process.env['KERAS_SEED'] ?? 1)]

function networksOf(type: string, { inputs, options, ...holds }: LayerRows): Network[] {
  const names = inputs.map((_shape, index) => `in${index}`)
  const fed = inputs.map((shape, index) => yamlText({ input: { name: names[index], shape } }))
  return options.flatMap((given, index) => {
    const layer = type === 'input' ? 'dense: { units: 2 }' : yamlText({ [type]: { inputs: names, ...given } })
    const text = `layers:\n${[...fed, layer].map((one) => `  - ${one}\n`).join('')}`
    const isRefused = checkText(`name: row\n${text}`, 'row.yaml').diagnostics.some(
      ({ severity }) => severity === 'error',
    )
    return isRefused ? [] : [{ name: `${type}-${index}`, text, ...holds }]
  })
}

const ofLayers = Object.entries(layerRows).flatMap(([type, rows]) => networksOf(type, rows))
const ofMasks = Object.entries(maskedNetworks).map(([name, text]) => ({
  name: `masks-${name}`,
  text,
  ...(text.includes('masking') ? { maskValue: 0.5 } : { below: 3 }),
}))
const written = Object.entries(exportNetworks).map(([name, text]) => ({ name, text }))
const networks: readonly Network[] = [...written, ...ofLayers, ...ofMasks]

it('compares every layer type of the language', () => {
  expect(Object.keys(layerRows).toSorted()).toEqual(Object.keys(layerTable).toSorted())
  const compared = new Set(ofLayers.map(({ name }) => name.split('-')[0]))
  expect(Object.keys(layerTable).filter((type) => !compared.has(type))).toEqual(['randomWidth'])
})

describe.skipIf(!hasKeras)('exported to Keras', { timeout: 600_000 }, () => {
  let compared: ReadonlyMap<string, Comparison>

  beforeAll(async () => {
    compared = await compareWithKeras(networks)
  }, 600_000)

  it.each(networks)('$name: predicts the same within 1e-5', ({ name, text }) => {
    const comparison = compared.get(name)!
    expectAlike(text, comparison)
    expect(comparison.ours.values.flat().some((value) => value !== 0)).toBe(true)
  })

  it(`${drawn} networks at random: answer as here, or are refused`, async () => {
    const random = randomNetworks(drawn, seed)
    const refused: unknown[] = []
    const results = await compareWithKeras(random, (_name, error) => refused.push(error))
    expect(refused.filter((error) => !isKnownError(error, 'export'))).toEqual([])
    expect(results.size).toBeGreaterThan(drawn / 2)
    for (const { name, text } of random) {
      const result = results.get(name)
      if (result !== undefined) expectAlike(text, result)
    }
  })
})

function expectAlike(text: string, { ours, keras, difference }: Comparison): void {
  if ('error' in keras) throw new Error(`${keras.error}\n${text}`)
  expect(keras.shapes, text).toEqual(ours.shapes)
  expect(difference, text).toBeLessThan(1e-5)
}
