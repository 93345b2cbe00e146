import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { maskingLayer } from '../../../src/parts/layers/elementwise.run.ts'
import { startNodeEngine } from '../../../src/runtime/engines/nodeEngine.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { categoricalCrossentropy } from '../../../src/runtime/training/losses.ts'
import { watchOperations } from '../../../src/patches/nodeOperations.ts'
import { engineStarts } from '../engineStarts.ts'
import { expectClose } from '../onBackends.ts'

const works = await engineStarts('node')

it.skipIf(!works)('differentiates relu in one operation, and twice', async () => {
  await startNodeEngine()
  const x = tf.tensor1d([-2, -0, 0, 1e-30, 3])
  const dy = tf.tensor1d([1, 2, 3, 4, 5])
  const gradient = tf.grad((at) => tf.relu(at))
  const { kernelNames } = await tf.profile(() => gradient(x, dy))
  expect(kernelNames).toContain('ReluGrad')
  expect(kernelNames).not.toContain('Step')
  expect([...gradient(x, dy).dataSync()]).toEqual([0, 0, 0, 4, 5])
  const twice = tf.grad((at) => tf.sum(tf.square(tf.grad((inner) => tf.square(tf.relu(inner)))(at))))
  // The square of 2x, differentiated: 8x, where x is above 0.
  expect([...twice(x).dataSync()]).toEqual([0, 0, 0, Math.fround(8e-30), 24])
})

it.skipIf(!works)('differentiates what is masked after its values are disposed', async () => {
  await startNodeEngine()
  const layer = maskingLayer({ maskValue: 0 })
  const x = tf.tensor3d([1, 2, 0, 0], [1, 2, 2])
  const gradient = tf.grad((at) => tf.sum(tf.square(layer.apply(tf.tidy(() => tf.mul(at, 3))) as tf.Tensor)))
  expect([...gradient(x).dataSync()]).toEqual([18, 36, 0, 0])
})

describe.skipIf(!works)('the crossentropy of class indices', () => {
  const logits = [3, -1, 0.5, 90, 100, -100, 0, 0, 0]
  const labels = [0, 2, 1]

  it.each(['node', 'wasm', 'cpu'] as const)('is that of one-hot rows on %s', async (engine) => {
    await startEngine(engine)
    const { compute } = categoricalCrossentropy({ fromLogits: true })
    const differentiate = (answers: tf.Tensor) =>
      tf.valueAndGrad((x) => compute(answers, x))(tf.tensor2d(logits, [3, 3]))
    const indices = tf.tensor1d(labels, 'int32')
    const { result: found, kernelNames } = await tf.profile(() => ({ ...differentiate(indices) }))
    const wanted = differentiate(tf.cast(tf.oneHot(indices, 3), 'float32'))
    const { value, grad } = found as unknown as typeof wanted
    expect(kernelNames.includes('SparseSoftmaxCrossEntropyWithLogits')).toBe(engine !== 'cpu')
    expect(value.dataSync()[0]).toBeCloseTo(wanted.value.dataSync()[0]!, 4)
    expect([...grad.dataSync()]).toEqual([...wanted.grad.dataSync()].map((slope) => expect.closeTo(slope, 6)))
  })
})

it.skipIf(!works)('clips float32 values by one operation, and other values as tfjs-node does', async () => {
  await startNodeEngine()
  const values = [-3, -1, 0, 2, Infinity, -Infinity]
  for (const dtype of ['float32', 'int32'] as const) {
    const finite = dtype === 'int32' ? values.slice(0, 4) : values
    const clipped = tf.clipByValue(tf.tensor1d(finite, dtype), -1, 1)
    expect([...clipped.dataSync()]).toEqual(finite.map((value) => Math.min(1, Math.max(-1, value))))
  }
})

/** The shapes of two factors, and whether they are transposed. */
const products: readonly [a: number[], b: number[], transposeA: boolean, transposeB: boolean, operation: string][] = [
  [[3, 4], [4, 5], false, false, 'MatMul'],
  [[4, 3], [4, 5], true, false, 'MatMul'],
  [[3, 4], [5, 4], false, true, 'MatMul'],
  [[1, 4], [4, 1], false, false, 'MatMul'],
  [[1, 4, 3], [1, 5, 4], true, true, 'MatMul'],
  [[1, 3, 4], [4, 5], false, false, 'MatMul'],
  [[3, 4], [1, 1, 4, 5], false, false, 'MatMul'],
  [[2, 3, 4], [2, 4, 5], false, false, 'BatchMatMulV2'],
  [[64, 256], [512, 256], false, true, 'BatchMatMulV2'],
  [[1, 3, 4], [2, 4, 5], false, false, 'BatchMatMulV2'],
  [[2, 3, 4], [4, 5], false, false, 'BatchMatMulV2'],
]

describe.skipIf(!works)('matrix products', () => {
  it.each(products)('of %j and %j, transposed %j and %j, run %s', async (a, b, transposeA, transposeB, operation) => {
    const run = async (engine: 'node' | 'cpu') => {
      await startEngine(engine)
      const [x, y] = [a, b].map((shape, index) => tf.randomUniform(shape, -1, 1, 'float32', index + 1))
      const multiply = (one: tf.Tensor, other: tf.Tensor) => tf.matMul(one, other, transposeA, transposeB)
      const names = new Set<string>()
      const unwatch = watchOperations((name) => names.add(name))
      const product = multiply(x!, y!)
      unwatch()
      // The gradients of tfjs-core are wrong if one factor is repeated.
      const isRepeated = !tf.util.arraysEqual(a.slice(0, -2), b.slice(0, -2))
      const gradients = isRepeated ? [] : tf.grads(multiply)([x!, y!])
      const results = [product, ...gradients].map((one) => ({ shape: [...one.shape], values: [...one.dataSync()] }))
      return { results, names }
    }
    const { results, names } = await run('node')
    const wanted = await run('cpu')
    // Each term of a sum may be rounded in another way.
    const tolerance = 2e-7 * Math.max(...a, ...b)
    for (const [index, result] of results.entries())
      expectClose(result, wanted.results[index]!, `result ${index}`, tolerance)
    expect([...names]).toContain(operation)
  })
})
