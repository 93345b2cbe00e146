/** What `trainable: false` promises: no step changes a frozen weight, whatever else is said of it, on any path of training. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { weightPenalties } from '../../src/script/weightPenalties.ts'
import { noiseData } from './variants.ts'

beforeAll(async () => {
  await startEngine('wasm')
})

const text = `
name: frozen
dataset: mnist
layers:
  - conv2d: { name: edges, filters: 4, kernelSize: 3, strides: 3, trainable: false, kernelRegularizer: l2, kernelConstraint: { maxNorm: { maxValue: 0.1 } } }
  - batchNormalization: { name: norm, trainable: false, gammaRegularizer: l1, gammaConstraint: { maxNorm: { maxValue: 0.5 } } }
  - apply: { name: again, layer: norm }
  - prelu: { name: slope, trainable: false, alphaInitializer: { constant: { value: 0.2 } } }
  - layerNormalization: { name: layerNorm, trainable: false, gammaRegularizer: l2 }
  - reshape: { targetShape: [9, 36] }
  - timeDistributed: { name: eachStep, layer: { batchNormalization: { trainable: false } } }
  - timeDistributed: { name: held, trainable: false, layer: { dense: { units: 4, kernelRegularizer: l2 } } }
  - bidirectional: { name: both, trainable: false, layer: { gru: { units: 3, returnSequences: true, recurrentRegularizer: l2 } } }
  - rnn: { name: cells, trainable: false, cell: { lstmCell: { units: 5, kernelRegularizer: l1 } } }
  - dense: { name: learns, units: 8, activation: tanh }
  - batchNormalization: { name: after, trainable: false }
  - dropout: { name: drop, rate: 0.5, trainable: false }
  - dense: { name: head, units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
training: { epochs: 2, batchSize: 16, seed: 7, weightDecay: 0.1 }`

function frozenProgram() {
  const { spec, shaped, diagnostics } = checkText(text, 'frozen.yaml')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return lowerGraph(spec, shaped)
}

function weightsOf(model: tf.LayersModel): Record<string, number[][]> {
  return Object.fromEntries(
    model.layers.map((layer) => [layer.name, layer.getWeights().map((weight) => [...weight.dataSync()])]),
  )
}

describe('frozen layers', () => {
  it.each([
    ['one thread', { threads: 1 }],
    ['two threads', { threads: 2 }],
    ['accumulated batches', { threads: 1, gradientAccumulation: 2 }],
  ] as const)('keep their weights, bit for bit: %s', { timeout: 240_000 }, async (_name, training) => {
    const program = frozenProgram()
    const before = weightsOf(buildModel(program, 7))
    const data = noiseData([28, 28, 1])
    const { model } = await trainExperiment(interpretProgram(program), { data, training })
    const after = weightsOf(model)
    model.dispose()
    const changed = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
    expect(changed).toEqual(['learns', 'head'])
  })

  it('compute the same in training and prediction, except dropout, which stays active as in Keras', () => {
    const model = buildModel(frozenProgram(), 7)
    const before = tf.model({ inputs: model.inputs, outputs: model.getLayer('after').output })
    const whole = tf.model({ inputs: model.inputs, outputs: model.getLayer('drop').output })
    const batch = tf.randomUniform([16, 28, 28, 1], 0, 1, 'float32', 1)
    const answers = [before, whole].map((network) =>
      [true, false].map((training) => [...(network.apply(batch, { training }) as tf.Tensor).dataSync()]),
    )
    expect(answers[0]![0]).toEqual(answers[0]![1])
    expect(answers[1]![0]).not.toEqual(answers[1]![1])
  })

  it('add no penalty to the loss', () => {
    const model = buildModel(frozenProgram(), 7)
    expect(weightPenalties(model)).toHaveLength(0)
  })
})

describe('the hint of a bias without effect', () => {
  const layers = (norm: string) => `name: net\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 3 }\n  - ${norm}\n`
  it.each([
    ['batchNormalization', ['meaning/redundant-bias']],
    // What it takes away is a mean that it remembers.
    ['batchNormalization: { trainable: false }', []],
  ])('before %s', (norm, codes) => {
    expect(checkText(layers(norm), 'net.yaml').diagnostics.map(({ code }) => code)).toEqual(codes)
  })
})
