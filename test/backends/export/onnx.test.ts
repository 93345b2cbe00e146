/** Exported networks in ONNX Runtime, where a Python has it: the files are valid, and answer as ours do. */
import { beforeAll, describe, expect, it } from 'vitest'
import { exportNetworks } from './exportNetworks.ts'
import { compareWith, onnx, type Comparison, type Network } from './pythonHarness.ts'
import { randomNetworks } from './randomNetworks.ts'
import { ofLayers, ofMasks } from './rowNetworks.ts'

const written = Object.entries(exportNetworks).map(([name, text]) => ({ name, text }))
const others = [
  {
    name: 'images-both-ways',
    text: 'input: { shape: [4, 5, 6, 2] }\nlayers: [bidirectional: { layer: { convLstm2d: { filters: 3, kernelSize: 2 } }, mergeMode: ave }]',
  },
  {
    name: 'all-images-both-ways',
    text: 'input: { shape: [4, 5, 6, 2] }\nlayers: [bidirectional: { layer: { convLstm2d: { filters: 3, kernelSize: 2, returnSequences: true } } }]',
  },
  {
    name: 'open-steps',
    text: 'input: { shape: [null, 4] }\nlayers: [timeDistributed: { layer: { dense: { units: 3 } } }]',
  },
  {
    name: 'images-of-open-size',
    text: 'input: { shape: [5, null, 6, 2] }\nlayers: [timeDistributed: { layer: { conv2d: { filters: 3, kernelSize: 2 } } }]',
  },
  {
    name: 'open-steps-of-images-of-open-size',
    text: 'input: { shape: [null, 6, null, 2] }\nlayers: [timeDistributed: { layer: { conv2d: { filters: 3, kernelSize: 2 } } }]',
  },
]
const networks: readonly Network[] = [...written, ...others, ...ofLayers, ...ofMasks, ...randomNetworks(40, 1)]

describe.skipIf(!onnx.isThere)('exported to ONNX', { timeout: 600_000 }, () => {
  let compared: ReadonlyMap<string, Comparison>

  beforeAll(async () => {
    compared = await compareWith(onnx, networks)
  }, 600_000)

  it.each(networks)('$name: predicts the same within 1e-5', ({ name, text }) => {
    const { ours, theirs, difference } = compared.get(name)!
    if ('error' in theirs) throw new Error(`${theirs.error}\n${text}`)
    expect(theirs.shapes, text).toEqual(ours.shapes)
    expect(difference, text).toBeLessThan(1e-5)
  })
})
