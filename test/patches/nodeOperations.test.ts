/** On tfjs-node, steps are repeated by the operations that kernels consist of. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { RepeatedStep } from '../../src/runtime/replay/repeatedStep.ts'
import { engineStarts } from '../runtime/engineStarts.ts'

const works = await engineStarts('node')

interface Case {
  readonly name: string
  readonly step: (x: tf.Tensor) => tf.Tensor
  /** How many calls a repeated step makes. */
  readonly calls: number
}

const cases: readonly Case[] = [
  { name: 'a kernel of several', step: (x) => tf.prelu(x, tf.scalar(0.5)), calls: 6 },
  { name: 'axes, which never change', step: (x) => tf.sum(x, 1), calls: 1 },
  {
    name: 'a reshape, whose data the backend holds by its shape',
    step: (x) => tf.matMul(tf.reshape(x, [3, 2]), x),
    calls: 2,
  },
  {
    name: 'a reshape and a cast that change nothing',
    step: (x) => tf.sqrt(tf.cast(tf.reshape(x, [2, 3]), 'float32')),
    calls: 1,
  },
  { name: 'several results', step: (x) => tf.topk(x, 2).values, calls: 1 },
  {
    name: 'a kernel of the cpu backend',
    step: (x) => tf.bincount(tf.cast(tf.reshape(x, [6]), 'int32') as tf.Tensor1D, [], 7),
    calls: 3,
  },
]

describe.skipIf(!works)('on the engine node', () => {
  beforeAll(() => startEngine('node'))

  it.each(cases)('$name', ({ step, calls }) => {
    const repeated = new RepeatedStep(([x]) => [tf.tidy(() => step(x!))])
    const { numTensors } = tf.memory()
    for (let turn = 0; turn < 5; turn++) {
      const x = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6 - (turn % 3)],
      ])
      const want = tf.tidy(() => [...step(x).dataSync()])
      const [got] = repeated.run([x])
      expect([...got!.dataSync()]).toEqual(want)
      tf.dispose([x, got!])
    }
    expect(repeated.kernels).toBe(calls)
    repeated.dispose()
    expect(tf.memory().numTensors).toBe(numTensors)
  })
})
