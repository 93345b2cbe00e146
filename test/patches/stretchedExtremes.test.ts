/** Maximum and minimum of tensors of unlike shapes have the gradients that numerical differentiation finds. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { numericalGradient } from '../runtime/referenceGradients.ts'

const engines: readonly EngineInfo['name'][] = ['cpu', 'wasm', 'node']
const shapes = [
  [
    [2, 3, 2],
    [2, 1, 2],
  ],
  [[2, 3], [3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
] as const

for (const engine of engines) {
  describe.skipIf(!(await engineStarts(engine)))(`on ${engine}`, () => {
    it.each(['maximum', 'minimum'] as const)('%s', async (kind) => {
      await startEngine(engine)
      for (const [one, other] of shapes) {
        const [a, b] = [one, other].map((shape, index) => tf.randomNormal([...shape], 0, 1, 'float32', index + 1))
        const run = (x: tf.Tensor, y: tf.Tensor) => (kind === 'maximum' ? tf.maximum(x, y) : tf.minimum(x, y))
        const dy = tf.randomNormal(run(a!, b!).shape, 0, 1, 'float32', 9)
        const found = tf.grads((x, y) => run(x!, y!))([a!, b!], dy)
        for (const [index, tensor] of [a!, b!].entries()) {
          const at = (values: readonly number[]) => tf.tensor([...values], tensor.shape)
          const wanted = numericalGradient(
            (values) => [...(index === 0 ? run(at(values), b!) : run(a!, at(values))).dataSync()],
            [...tensor.dataSync()],
            [...dy.dataSync()],
            1e-3,
          )
          expect(found[index]!.shape).toEqual(tensor.shape)
          expect([...found[index]!.dataSync()]).toEqual(wanted.map((value) => expect.closeTo(value, 2)))
        }
      }
    })
  })
}
