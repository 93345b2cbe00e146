/** Networks exported as `.keras` files: Keras alone, where a Python has it, must load them and answer as ours do. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { checkText } from '../../../src/analyze.ts'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { arraysOfLayer } from '../../../src/language/savedArrays.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { readInitialWeights } from '../../../src/runtime/runs/initialWeights.ts'
import { encodeKerasFile } from '../../../src/tasks/export/kerasFile.ts'
import { readNetwork } from '../../../src/tasks/import/readNetwork.ts'
import { isKnownError } from '../../../src/system/knownError.ts'
import { exportNetworks } from './exportNetworks.ts'
import { compareWith, kerasFile, type Comparison, type Network } from './pythonHarness.ts'
import { ofLayers } from './rowNetworks.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const written = Object.entries(exportNetworks).map(([name, text]) => ({ name, text }))

/** With the sigmoid of Keras: the default of the language is a function that Keras lacks. */
const sigmoids: readonly Network[] = [
  ['lstm', '[6, 4]', 'lstm: { units: 3, recurrentActivation: sigmoid }'],
  ['gru', '[6, 4]', 'gru: { units: 3, recurrentActivation: sigmoid, goBackwards: true }'],
  ['bidirectional', '[6, 4]', 'bidirectional: { layer: { gru: { units: 3, recurrentActivation: sigmoid } } }'],
  ['convLstm2d', '[3, 5, 5, 2]', 'convLstm2d: { filters: 2, kernelSize: 2, recurrentActivation: sigmoid }'],
  [
    'rnn',
    '[6, 4]',
    'rnn: { cell: [simpleRNNCell: { units: 3 }, lstmCell: { units: 2, recurrentActivation: sigmoid }] }',
  ],
].map(([name, shape, layer]) => ({ name: `${name}-sigmoid`, text: `input: { shape: ${shape} }\nlayers: [${layer}]\n` }))

/** Of each layer type, one network; `KERAS_ROWS=all` compares them all. */
const rows = ofLayers.filter(
  (row, place) => process.env['KERAS_ROWS'] === 'all' || typeOf(row) !== typeOf(ofLayers[place - 1]),
)
const networks: readonly Network[] = [...written, ...sigmoids, ...rows]

function typeOf(network: Network | undefined): string | undefined {
  return network?.name.split('-')[0]
}

/** The layer types that Keras has only with code of our own. */
const withoutForm = ['minPooling2d', 'thresholdedReLU', 'resizing', 'randomWidth']

const branched = `
name: branched
layers:
  - input: { name: left, shape: [6, 4] }
  - input: { name: right, shape: [4] }
  - bidirectional: { name: both, layer: { lstm: { units: 2, recurrentActivation: sigmoid, returnSequences: true } }, inputs: left }
  - batchNormalization
  - globalAveragePooling1d
  - dense: { name: a, units: 4 }
  - apply: { name: again, layer: a, inputs: right }
  - dense: { name: b, units: 4, inputs: right }
  - add: { inputs: [a, again, b] }
  - dense: { name: head, units: 2 }
`

describe('a .keras file', () => {
  it('has the weights of the network, and is imported as the same network', async () => {
    await startEngine('cpu')
    const { spec, shaped, diagnostics } = checkText(branched, 'spec.yaml')
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const program = lowerGraph(spec, shaped)
    const model = buildModel(program, 1)
    const file = join(temporaryFolder(), 'model.keras')
    writeFileSync(file, Buffer.concat(await encodeKerasFile(program, model, 'comment')))
    const { arrays } = await readInitialWeights({ from: file })
    const layers = model.layers.filter(({ weights }) => weights.length > 0)
    for (const { name, weights } of layers) {
      const needed = weights.map(({ originalName, shape }) => ({
        name: originalName.slice(name.length + 1),
        shape: shape as number[],
      }))
      const own = arraysOfLayer(name, needed, arrays)
      expect(own.map(({ values }) => values)).toEqual(weights.map((weight) => weight.read().dataSync()))
    }
    const { network, problems } = await readNetwork(file)
    expect(problems).toEqual([])
    const found = network.layers
      .filter(({ type }) => type !== 'input')
      .map(({ name, type, inputs }) => ({ name, type, inputs }))
    expect(found.map(({ name }) => name).toSorted()).toEqual(
      ['both', 'batchNormalization', 'globalAveragePooling1d', 'a', 'a_1', 'b', 'add', 'head'].toSorted(),
    )
    model.dispose()
  })
})

describe.skipIf(!kerasFile.isThere)('exported as .keras files', { timeout: 600_000 }, () => {
  const refused = new Map<string, unknown>()
  let compared: ReadonlyMap<string, Comparison>

  beforeAll(async () => {
    compared = await compareWith(kerasFile, networks, (name, error) => refused.set(name, error))
  }, 600_000)

  it('predict the same within 1e-5, or are refused', () => {
    for (const { name, text } of networks) {
      const result = compared.get(name)
      if (result === undefined) continue
      if ('error' in result.theirs) throw new Error(`${name}: ${result.theirs.error}\n${text}`)
      expect(result.theirs.shapes, text).toEqual(result.ours.shapes)
      expect(result.difference, text).toBeLessThan(1e-5)
    }
    expect([...refused.values()].filter((error) => !isKnownError(error, 'export'))).toEqual([])
  })

  it('are refused for few layer types altogether', () => {
    const answered = new Set([...compared.keys()].map((name) => name.split('-')[0]))
    expect(Object.keys(layerTable).filter((type) => !answered.has(type))).toEqual(withoutForm)
  })
})
