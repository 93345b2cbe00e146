/** The penalties on weights: of each weight once, wherever its layer is. */
import { beforeAll, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { weightPenalties } from '../../src/script/weightPenalties.ts'

beforeAll(async () => {
  await startEngine('cpu')
})

const l2 = 'kernelRegularizer: { l2: { l2: 0.5 } }'

it.each([
  ['dense', '[3]', `dense: { units: 3, ${l2} }`, 1],
  ['a layer that is applied twice', '[3]', `dense: { name: d, units: 3, ${l2} }\n  - apply: { layer: d }`, 1],
  ['conv2d', '[4, 4, 1]', `conv2d: { filters: 2, kernelSize: 2, ${l2} }`, 1],
  ['timeDistributed', '[4, 3]', `timeDistributed: { layer: { dense: { units: 2, ${l2} } } }`, 1],
  ['lstm', '[4, 3]', `lstm: { units: 2, ${l2}, unitForgetBias: false }`, 1],
  ['gru', '[4, 3]', `gru: { units: 2, ${l2} }`, 1],
  ['gru with resetAfter', '[4, 3]', `gru: { units: 2, ${l2}, resetAfter: true }`, 1],
  ['simpleRNN', '[4, 3]', `simpleRNN: { units: 2, ${l2} }`, 1],
  ['convLstm2d', '[3, 4, 4, 1]', `convLstm2d: { filters: 2, kernelSize: 2, ${l2} }`, 1],
  ['bidirectional', '[4, 3]', `bidirectional: { layer: { gru: { units: 2, ${l2} } } }`, 2],
  ['cells of rnn', '[4, 3]', `rnn: { cell: [{ lstmCell: { units: 2, ${l2} } }, { gruCell: { units: 3, ${l2} } }] }`, 2],
  ['a frozen layer', '[4, 3]', `gru: { units: 2, ${l2}, trainable: false }`, 0],
])('%s', (_title, shape, layer, count) => {
  const { spec, shaped, diagnostics } = checkText(
    `name: net\ninput: { shape: ${shape} }\nlayers:\n  - ${layer}\n`,
    'net.yaml',
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const model = buildModel(lowerGraph(spec, shaped), 3)
  const penalties = weightPenalties(model).map((penalty) => penalty.dataSync()[0]!)
  const kernels = model.trainableWeights.filter(
    ({ originalName }) => /(^|\/|_)kernel$/.test(originalName) && !/recurrent/.test(originalName),
  )
  const wanted = kernels.map((kernel) => 0.5 * kernel.read().square().sum().dataSync()[0]!)
  expect(wanted).toHaveLength(count)
  expect(penalties).toHaveLength(count)
  for (const [index, penalty] of penalties.entries()) expect(penalty).toBeCloseTo(wanted[index]!, 5)
})
