/** What the studio draws: windows with their padding, the layers and groups of a network, cards and edges. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openSpec } from '../../src/editor/openSpec.ts'
import { networkFactsOf } from '../../src/studio/facts/networkFacts.ts'
import { graphModelOf, openAtFirst } from '../../src/studio/page/network/graphModel.ts'
import { cellsAt, describePosition, drawnAxes, sizeFormula } from '../../src/studio/page/window/slidingWindow.ts'
import { readAddress, writeAddress } from '../../src/studio/page/address.ts'

const factsOf = (text: string) => networkFactsOf(openSpec(text, 'spec.yaml'))
const zoo = (name: string) => factsOf(readFileSync(new URL(`../../configs/zoo/${name}.yaml`, import.meta.url), 'utf8'))

describe('the window of a layer', () => {
  it.each([
    ['[7, 7, 1]', 'conv2d: { filters: 1, kernelSize: 3 }', '⌊(7 − 3) / 1⌋ + 1 = 5', '⌊(7 − 3) / 1⌋ + 1 = 5'],
    [
      '[7, 7, 1]',
      'conv2d: { filters: 1, kernelSize: 3, strides: 2 }',
      '⌊(7 − 3) / 2⌋ + 1 = 3',
      '⌊(7 − 3) / 2⌋ + 1 = 3',
    ],
    [
      '[7, 7, 1]',
      'conv2d: { filters: 1, kernelSize: 3, padding: same }',
      '⌊(7 + 1 + 1 − 3) / 1⌋ + 1 = 7',
      '⌊(7 + 1 + 1 − 3) / 1⌋ + 1 = 7',
    ],
    // Of an odd number of zeros, the last is at the end.
    [
      '[8, 9, 1]',
      'maxPooling2d: { poolSize: 2, padding: same }',
      '⌊(8 − 2) / 2⌋ + 1 = 4',
      '⌊(9 + 0 + 1 − 2) / 2⌋ + 1 = 5',
    ],
    [
      '[9, 9, 2]',
      'depthwiseConv2d: { kernelSize: 3, dilationRate: 2 }',
      '⌊(9 − 5) / 1⌋ + 1 = 5',
      '⌊(9 − 5) / 1⌋ + 1 = 5',
    ],
    ['[9, 2]', 'conv1d: { filters: 1, kernelSize: 3, padding: causal }', '⌊(9 + 2 + 0 − 3) / 1⌋ + 1 = 9', undefined],
  ])('over %s of %s', (shape, layer, ...want) => {
    const { layers } = factsOf(`name: x\nlayers: [{ input: { shape: ${shape} } }, { ${layer} }]`)
    expect(layers.at(-1)!.window!.axes.map(sizeFormula)).toEqual(want.filter((one) => one !== undefined))
  })

  it.each(['flatten', 'dense: { units: 2 }', 'zeroPadding2d: { padding: 1 }'])('is missing for %s', (layer) => {
    const { layers } = factsOf(
      `name: x\nlayers: [{ input: { shape: [7, 7, 1] } }, ${layer.includes(':') ? `{ ${layer} }` : layer}]`,
    )
    expect(layers.at(-1)).toMatchObject({ shape: expect.any(String) })
    expect(layers.at(-1)!.window).toBeUndefined()
  })

  it('reads the cells that the caption names', () => {
    const { layers } = factsOf(
      'name: x\nlayers: [{ input: { shape: [7, 7, 1] } }, { conv2d: { filters: 1, kernelSize: 3, padding: same } }]',
    )
    const [rows, columns] = drawnAxes(layers.at(-1)!.window!)
    expect(cellsAt(columns, 4)).toEqual([4, 5, 6])
    expect(describePosition(rows, columns, 0, 4)).toBe('Output row 1, column 5 reads rows 1 to 2, columns 4 to 6')
  })
})

describe('the network', () => {
  it('folds the blocks of a large one, and unfolds them', () => {
    const network = zoo('resnet-20')
    const open = openAtFirst(network)
    const [some, none, all] = [open, new Set<string>(), new Set(network.groups.map(({ key }) => key))].map((keys) =>
      graphModelOf(network, (key) => keys.has(key)),
    )
    expect(none!.cards.map(({ title }) => title)).toEqual([
      'input',
      'unit',
      'reLU',
      'repeat × 3',
      'averagePooling2d',
      'flatten',
      'dense',
    ])
    expect(some!.cards.length).toBeLessThanOrEqual(40)
    expect(all!.cards).toHaveLength(network.layers.length)
    for (const { cards } of [some!, none!, all!]) {
      expect(cards.reduce((sum, { params }) => sum + params, 0)).toBe(274_442)
    }
  })

  it('keeps the cards of layers whose shape a mistake hides, and marks the mistake', () => {
    const { layers } = factsOf('name: x\ndataset: mnist\nlayers: [{ conv2d: { filters: 1, kernelSize: 30 } }, flatten]')
    expect(layers.map(({ name, shape, isWrong }) => [name, shape, isWrong])).toEqual([
      ['input', '28×28×1', false],
      ['conv2d', undefined, true],
      ['flatten', undefined, false],
    ])
  })
})

describe('the address', () => {
  it.each([{ file: 'a b.yaml', view: 'layer', text: 'name: é\nlayers: [flatten]\n' }, { file: 'x.yaml' }, {}])(
    'keeps %j',
    async (state) => {
      expect(await readAddress(await writeAddress(state))).toEqual(state)
    },
  )

  it.each(['#spec=%%%', '#spec=AAAA', '#'])('ignores %s', async (fragment) => {
    expect(await readAddress(fragment)).toEqual({})
  })
})
