/** A step as one TensorFlow graph computes what its operations compute, and its variables can be read and changed at any time. */
import * as tf from '@tensorflow/tfjs'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type TensorValues } from '../../../src/runtime/data/tensorValues.ts'
import { nodeBackend } from '../../../src/runtime/engines/nodeBackend.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { RepeatedStep } from '../../../src/runtime/replay/repeatedStep.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { trainingStep } from '../../../src/runtime/training/batchStep.ts'
import { RunningLogs } from '../../../src/runtime/training/runningLogs.ts'
import { findTrainableVariables, findTrainedWeights } from '../../../src/runtime/training/trainingStep.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import { seedOfStep } from '../../../src/script/draws.ts'
import { type UpdateRule } from '../../../src/script/updateRule.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { runExperiment } from '../../../src/runtime/runs/runExperiment.ts'
import { accumulateGradients } from '../../../src/runtime/training/gradientRules.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { engineStarts } from '../engineStarts.ts'
import { tinyExperiment } from '../tinyExperiment.ts'
import { drawBatch, networks, objectives, rules, sizes } from './repeatedNetworks.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const works = await engineStarts('node')

/** A network with its training step, as a graph or as single operations. */
class TrainedNetwork {
  readonly model: tf.LayersModel
  readonly running = new RunningLogs(objectives)
  readonly #rule: UpdateRule
  readonly #updater: WeightUpdater
  readonly #step: ReturnType<typeof trainingStep>

  constructor(layers: tf.layers.Layer[], rule: UpdateRule, isGraph: boolean) {
    this.model = tf.sequential({ layers })
    this.#rule = rule
    this.#updater = new WeightUpdater(rule, findTrainedWeights(this.model))
    this.#step = trainingStep(this.model, findTrainableVariables(this.model), this.#updater, objectives)
    if (isGraph)
      this.#onBatch(0, sizes[0]!, (batch, settings) => expect(this.#step.planGraph(batch, settings)).toBe(true))
  }

  take(index: number): void {
    this.#onBatch(index, sizes[index]!, (batch, settings) => this.#step.run(batch, this.running, settings))
  }

  takeOnValues(index: number): void {
    this.#onBatch(index, sizes[index]!, ({ inputs, labels, count }, settings) => {
      const values = { inputs: valuesOf(inputs), labels: valuesOf(labels), count }
      this.#step.runOnValues(values, this.running, settings.map(valuesOf))
    })
  }

  #onBatch(
    index: number,
    count: number,
    use: (batch: { inputs: tf.Tensor; labels: tf.Tensor; count: number }, settings: tf.Tensor[]) => void,
  ): void {
    const [inputs, labels] = drawBatch(count, index)
    // The learning rate differs from step to step, and so does what is drawn.
    const settings = [seedOfStep(7, index), tf.scalar(this.#rule.learningRate / (index + 1))]
    use({ inputs, labels, count }, settings)
    tf.dispose([inputs, labels, ...settings])
  }

  get variables(): tf.Variable[] {
    return [...this.model.weights.map((weight) => weight.read() as tf.Variable), ...this.#updater.state]
  }

  dispose(): void {
    this.#step.dispose()
    this.#updater.dispose()
    this.model.dispose()
  }
}

function valuesOf(tensor: tf.Tensor): TensorValues {
  const { shape, dtype } = tensor
  return { values: tensor.dataSync<'float32' | 'int32'>(), shape, dtype } as TensorValues
}

/** The norm of the difference of two tensors, relative to the norm of the second. */
function difference(one: tf.Tensor, other: tf.Tensor): number {
  const [a, b] = [one.dataSync(), other.dataSync()]
  const norm = (values: readonly number[]) => Math.hypot(...values)
  return norm([...a].map((value, index) => value - b[index]!)) / (norm([...b]) + 1e-2)
}

describe.skipIf(!works)('a training step as a graph', () => {
  beforeEach(async () => {
    await startEngine('node')
  })

  for (const [network, layers] of Object.entries(networks)) {
    for (const [name, rule] of Object.entries(rules)) {
      it(`computes what its operations compute: ${network} with ${name}`, () => {
        const [single, graph] = [new TrainedNetwork(layers(), rule, false), new TrainedNetwork(layers(), rule, true)]
        for (const index of sizes.keys()) {
          single.take(index)
          graph.take(index)
          for (const [place, variable] of graph.variables.entries()) {
            const want = single.variables[place]!
            expect(difference(variable, want), `variable ${place} after step ${index}`).toBeLessThan(1e-5)
            // Each step begins with equal values, since differences of rounding grow.
            tf.tidy(() => variable.assign(want.clone()))
          }
        }
        const [want, got] = [single.running.read(), graph.running.read()]
        expect(got['loss']).toBeCloseTo(want['loss']!, 5)
        single.dispose()
        graph.dispose()
      })
    }
  }

  it.each<[string, (network: TrainedNetwork) => void]>([
    ['are read as numbers', ({ variables }) => variables.forEach((variable) => void variable.dataSync())],
    ['are used by an operation', ({ variables }) => tf.tidy(() => void variables.map((variable) => tf.neg(variable)))],
    ['are copied', ({ variables }) => tf.dispose(variables.map((variable) => variable.clone()))],
    ['are assigned', ({ variables }) => tf.tidy(() => variables.forEach((one) => one.assign(tf.mul(one, 1))))],
    ['are read in part', ({ variables }) => void variables[0]!.dataSync()],
    ['predict', ({ model }) => tf.tidy(() => void model.predict(drawBatch(3, 1)[0]))],
  ])('gives the same bits whether or not the weights between two steps %s', (_what, between) => {
    const digests = [() => {}, between].map((use) => {
      const network = new TrainedNetwork(networks['normalization']!(), rules['adam']!, true)
      for (const index of sizes.keys()) {
        network.take(index)
        use(network)
      }
      const digest = weightsDigest(network.model)
      network.dispose()
      return digest
    })
    expect(digests[1]).toBe(digests[0])
  })

  it.each(Object.keys(networks))('gives the same bits on values as on tensors: %s', (name) => {
    const outcomes = (['take', 'takeOnValues'] as const).map((take) => {
      const before = tf.memory().numTensors
      const network = new TrainedNetwork(networks[name]!(), rules['sgd']!, true)
      for (const index of sizes.keys()) network[take](index)
      const [digest, logs] = [weightsDigest(network.model), network.running.read()]
      network.dispose()
      return { digest, logs, tensorsLeft: tf.memory().numTensors - before }
    })
    expect(outcomes[1]).toEqual(outcomes[0])
  })

  it('leaves no tensors behind, and the values of its variables', () => {
    const before = tf.memory()
    const network = new TrainedNetwork(networks['convolution']!(), rules['momentum']!, true)
    const tensors = sizes.map((_, index) => {
      network.take(index)
      return tf.memory().numTensors
    })
    expect(new Set(tensors).size, `tensors after each step: ${tensors.join(', ')}`).toBe(1)
    const values = network.model.getWeights().map((weight) => weight.dataSync().slice())
    network.dispose()
    expect(values.flatMap((numbers) => [...numbers]).every(Number.isFinite)).toBe(true)
    expect(tf.memory().numTensors).toBe(before.numTensors)
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
    expect(tf.memory().numBytes).toBe(before.numBytes)
  })
})

describe.skipIf(!works)('a run', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ['', 'one TensorFlow graph'],
    ['off', 'single operations'],
  ])('with SHAPEWRIGHT_GRAPH=%s records its step: %s', async (setting, form) => {
    vi.stubEnv('SHAPEWRIGHT_GRAPH', setting)
    const root = temporaryFolder()
    const forms: unknown[] = []
    const { folder } = await runExperiment(
      tinyExperiment(),
      { engine: 'node', root, signal: new AbortController().signal },
      { onTrainBegin: (plan) => void forms.push(plan.form) },
    )
    expect(forms).toEqual([form])
    expect(JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8'))).toMatchObject({ step: form })
  })

  it.each([1, 3])('reaches the same weights from batches of which the last is smaller, %i a step', async (batches) => {
    const train = async (setting: string): Promise<number[]> => {
      vi.stubEnv('SHAPEWRIGHT_GRAPH', setting)
      const createOptimizer = () => accumulateGradients(momentum({ learningRate: 0.1 }), batches)
      const { model } = await trainExperiment(tinyExperiment({ createOptimizer }), { training: { batchSize: 12 } })
      const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
      model.dispose()
      return weights
    }
    const [graph, single] = [await train(''), await train('off')]
    for (const [index, weight] of graph.entries()) expect(weight).toBeCloseTo(single[index]!, 5)
  })
})

describe.skipIf(!works)('a graph', () => {
  const folder = temporaryFolder()
  beforeEach(async () => {
    await startEngine('node')
    vi.stubEnv('TMPDIR', folder)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    expect(readdirSync(folder), 'temporary files').toEqual([])
  })

  it('lets variables take over what others had', () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]
    const repeated = new RepeatedStep(([x]) => {
      tf.tidy(() => {
        const before = a.clone()
        a.assign(b.clone())
        b.assign(before)
      })
      return [tf.add(x!, a)]
    })
    const x = tf.scalar(0)
    expect(repeated.planGraph([x])).toBe(true)
    expect(Array.from({ length: 6 }, () => repeated.run([x])[0]!.dataSync()[0])).toEqual([2, 1, 2, 1, 2, 1])
    repeated.dispose()
    expect([a.dataSync()[0], b.dataSync()[0]]).toEqual([1, 2])
    tf.dispose([a, b])
  })

  it('reads the present value of a variable that the step does not assign', () => {
    const factor = tf.variable(tf.scalar(2))
    const repeated = new RepeatedStep(([x]) => [tf.tidy(() => tf.mul(x!, factor))])
    const x = tf.scalar(3)
    expect(repeated.planGraph([x])).toBe(true)
    expect(repeated.run([x])[0]!.dataSync()[0]).toBe(6)
    factor.assign(tf.scalar(5))
    expect(repeated.run([x])[0]!.dataSync()[0]).toBe(15)
    repeated.dispose()
    factor.dispose()
  })

  it('passes lists of tensors, lists of numbers, texts and several results', () => {
    const weight = tf.variable(tf.ones([2, 2, 1, 1]))
    const repeated = new RepeatedStep(([x]) =>
      tf.tidy(() => {
        const convolved = tf.conv2d(x! as tf.Tensor4D, weight as unknown as tf.Tensor4D, [2, 1], 'same')
        const [left, right] = tf.split(convolved, 2, 2)
        const joined = tf.concat([right!, left!, tf.addN([left!, right!])], 2)
        return [tf.topk(tf.sum(joined, [0, 1, 3]), 2).values, tf.argMax(joined.flatten()), tf.expandDims(joined, 1)]
      }),
    )
    const x = tf.range(0, 16).reshape([1, 4, 4, 1])
    const want = repeated.run([x]).map((result) => [...result.dataSync()])
    expect(repeated.planGraph([x])).toBe(true)
    expect(repeated.run([x]).map((result) => [...result.dataSync()])).toEqual(want)
    repeated.dispose()
    weight.dispose()
  })

  it.each<[string, (x: tf.Tensor, weight: tf.Variable) => tf.Tensor]>([
    [
      'a kernel that is no operation',
      (x, weight) => tf.denseBincount(tf.cast(tf.mul(x, weight), 'int32') as tf.Tensor1D, [], 4),
    ],
    ['random numbers', (x, weight) => tf.mul(weight, tf.add(x, tf.randomUniform([2])))],
  ])('is not made of a step with %s, which has no effect then', (_what, compute) => {
    const weight = tf.variable(tf.scalar(1))
    const repeated = new RepeatedStep(([x]) => {
      return tf.tidy(() => {
        const result = compute(x!, weight)
        weight.assign(tf.add(weight, 1))
        return [result]
      })
    })
    expect(repeated.planGraph([tf.tensor1d([1, 2])])).toBe(false)
    expect(weight.dataSync()[0]).toBe(1)
    repeated.run([tf.tensor1d([1, 2])])
    expect(weight.dataSync()[0]).toBe(2)
    weight.dispose()
  })

  it('is not made if libtensorflow refuses it', () => {
    // Single operations infer missing attributes, graphs do not.
    const negate = (x: tf.Tensor) => nodeBackend()!.executeSingleOutput!('Neg', [], [x])
    const repeated = new RepeatedStep(([x]) => [negate(x!)])
    const before = tf.memory().numTensors
    const x = tf.scalar(3)
    expect(repeated.planGraph([x])).toBe(false)
    expect(tf.memory().numTensors).toBe(before + 1)
    expect(repeated.run([x])[0]!.dataSync()[0]).toBe(-3)
  })

  it('is not made of a step that fails, which fails when it is taken', () => {
    const repeated = new RepeatedStep(() => {
      throw new Error('wrong labels')
    })
    expect(repeated.planGraph([tf.scalar(3)])).toBe(false)
    expect(() => repeated.run([tf.scalar(3)])).toThrow('wrong labels')
  })
})
