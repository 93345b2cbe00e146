/** Batch normalization in training by one kernel gives the outputs, averages and gradients of the composed form on cpu. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { batchNormalizationLayer } from '../../src/parts/layers/batchNormalization.run.ts'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { expectClose, type Numbers } from '../runtime/onBackends.ts'

interface Row {
  /** The shape with the batch. */
  readonly shape: readonly number[]
  readonly options?: Parameters<typeof batchNormalizationLayer>[0]
  /** The mean and the deviation of the values; 2 and 3 by default. */
  readonly values?: readonly [mean: number, deviation: number]
  /** Whether the layer is frozen: it then normalizes by its averages, without the kernel. */
  readonly isFrozen?: boolean
}

const rows: Readonly<Record<string, Row>> = {
  'a matrix': { shape: [8, 16] },
  'a matrix of one column': { shape: [8, 1] },
  'a single row': { shape: [1, 4] },
  sequences: { shape: [3, 5, 17] },
  'images of 1 channel': { shape: [2, 5, 4, 1] },
  'images of 3 channels': { shape: [2, 5, 4, 3] },
  'images of 16 channels': { shape: [2, 5, 4, 16] },
  'images of 17 channels': { shape: [2, 5, 4, 17] },
  'images of 32 channels': { shape: [4, 8, 8, 32] },
  'films, whose rows are normalized as a matrix': { shape: [2, 2, 3, 2, 4] },
  'an axis that is not the last': { shape: [2, 4, 3, 5], options: { axis: 1 } },
  'the last axis by its number': { shape: [2, 4, 3, 5], options: { axis: 3 } },
  'without a factor': { shape: [6, 5], options: { scale: false } },
  'without an offset': { shape: [6, 5], options: { center: false } },
  'without both': { shape: [2, 3, 3, 16], options: { scale: false, center: false } },
  'an average that takes the batch as it is': { shape: [6, 5], options: { momentum: 0 } },
  'an average that never changes': { shape: [6, 5], options: { momentum: 1 } },
  'a large epsilon': { shape: [6, 5], options: { epsilon: 2 } },
  'an epsilon below the least of cuDNN': { shape: [2, 3, 3, 5], options: { epsilon: 1e-7 } },
  'a mean far from 0': { shape: [2, 6, 6, 5], values: [100, 1] },
  'values that are all equal': { shape: [6, 5], values: [3, 0] },
  'a frozen layer': { shape: [6, 5], isFrozen: true },
}

const drawn = (shape: readonly number[], seed: number) => tf.randomUniform([...shape], -1, 1, 'float32', seed)

/** Two steps of a layer: by name, the last output, the averages after it, and the gradients of the last step. */
function run({ shape, options, values: [mean, deviation] = [2, 3], isFrozen = false }: Row) {
  const layer = batchNormalizationLayer({
    name: 'normalization',
    gammaInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 2, seed: 1 }),
    betaInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 2 }),
    momentum: 0.9,
    ...options,
    trainable: !isFrozen,
  })
  const results = tf.tidy(() => {
    const [first, second] = [3, 4].map((seed) => tf.add(tf.mul(drawn(shape, seed), deviation), mean))
    const apply = (x: tf.Tensor) => layer.apply(x, { training: true }) as tf.Tensor
    apply(first!)
    const y = apply(second!)
    const averages = layer.weights.map((weight) => [weight.originalName, tf.clone(weight.read())] as const)
    const objective = () => tf.sum<tf.Scalar>(tf.mul(drawn(shape, 5), apply(second!)))
    const { grads } = layer.trainableWeights.length > 0 ? tf.variableGrads(objective) : { grads: {} }
    const dx = tf.grad((x) => tf.sum(tf.mul(drawn(shape, 5), apply(x))))(second!)
    const ofWeights = Object.entries(grads).map(([name, gradient]) => [`d${name.match(/gamma|beta/)}`, gradient])
    return { y, ...Object.fromEntries([...averages, ...ofWeights]), dx }
  })
  layer.dispose()
  return results
}

async function runOn(engine: EngineInfo['name'], row: Row): Promise<[Record<string, Numbers>, string[]]> {
  await startEngine(engine)
  const { kernelNames, result } = await tf.profile(() => run(row) as tf.NamedTensorMap)
  const numbers: Record<string, Numbers> = {}
  for (const [name, tensor] of Object.entries(result as tf.NamedTensorMap)) {
    numbers[name] = { shape: tensor.shape, values: [...tensor.dataSync()] }
  }
  return [numbers, kernelNames]
}

for (const engine of ['node', 'wasm'] as const) {
  describe.skipIf(!(await engineStarts(engine)))(`on ${engine}`, () => {
    it.each(Object.entries(rows))('%s', async (_name, row) => {
      const [want] = await runOn('cpu', row)
      const [got, kernels] = await runOn(engine, row)
      expect(Object.keys(got)).toEqual(Object.keys(want))
      for (const [name, numbers] of Object.entries(got)) expectClose(numbers, want[name]!, name)
      expect(kernels.includes('BatchNormTraining')).toBe(!row.isFrozen)
      expect(kernels.includes('BatchNormTrainingGrad')).toBe(!row.isFrozen)
    })
  })
}

it('leaves no tensors', async () => {
  for (const engine of ['cpu', 'wasm', 'node'] as const) {
    if (!(await engineStarts(engine))) continue
    await startEngine(engine)
    const before = tf.memory().numTensors
    tf.dispose(run(rows['sequences']!))
    expect(tf.memory().numTensors, engine).toBe(before)
  }
})
